#include "orchestrator/search/grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"

namespace fairsweep {
namespace {

constexpr std::uint64_t k_most = std::numeric_limits<std::uint32_t>::max();

/// `count` numbers from low to high; the ends are exact.
std::vector<double> evenly(double low, double high, std::int64_t count) {
  if (count == 1) {
    return {low + (high - low) / 2};
  }
  std::vector<double> numbers;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    numbers.push_back(i + 1 == count ? high : low + share * (high - low));
  }
  return numbers;
}

std::vector<Value> values_of(const std::vector<double>& numbers, bool integer) {
  std::vector<Value> values;
  for (const double number : numbers) {
    if (integer) {
      values.emplace_back(static_cast<std::int64_t>(std::llround(number)));
    } else {
      values.emplace_back(number);
    }
  }
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<Value> levels_of(const Choice& choice, std::int64_t) { return choice.values; }

std::vector<Value> levels_of(const Uniform& range, std::int64_t grid_points) {
  std::int64_t count = grid_points;
  if (range.integer && range.high - range.low + 1 < static_cast<double>(count)) {
    count = static_cast<std::int64_t>(range.high - range.low) + 1;
  }
  return values_of(evenly(range.low, range.high, count), range.integer);
}

std::vector<Value> levels_of(const LogUniform& range, std::int64_t grid_points) {
  std::vector<double> numbers = evenly(portable::log(range.low), portable::log(range.high), grid_points);
  for (double& number : numbers) {
    number = std::clamp(portable::exp(number), range.low, range.high);
  }
  if (grid_points > 1) {  // exp(log(x)) may miss x by a last bit
    numbers.front() = range.low;
    numbers.back() = range.high;
  }
  return values_of(numbers, range.integer);
}

class Grid final : public SearchStrategy {
 public:
  Grid(SearchSpace space, std::int64_t grid_points) : space_(std::move(space)) {
    check(grid_points >= 1, "a grid has at least one level a parameter");
    for (const Parameter& parameter : space_.parameters) {
      levels_.push_back(grid_levels(parameter.distribution, grid_points));
      decides_.push_back(std::any_of(space_.parameters.begin(), space_.parameters.end(), [&](const Parameter& other) {
        return other.condition && other.condition->path == parameter.path;
      }));
    }
    Settings chosen;
    size_ = count_from(0, chosen);
    if (size_ > k_most) {
      throw UserError(ExitCode::configuration,
                      "search: the grid has more than 4294967295 points; give fewer choices, a smaller "
                      "search.grid_points, or use the strategy \"sobol\" with search.configurations");
    }
  }

  [[nodiscard]] std::string_view name() const override { return "grid"; }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

  [[nodiscard]] std::optional<Settings> suggest(std::uint32_t index) override {
    check(index < size_, "a grid is asked for a point it does not have");
    std::uint64_t left = index;
    Settings chosen;
    for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
      if (active(i, chosen)) {
        left = choose(i, left, chosen);
      }
    }
    return chosen;
  }

 private:
  [[nodiscard]] bool active(std::size_t i, const Settings& chosen) const {
    const std::optional<Condition>& condition = space_.parameters[i].condition;
    return !condition || holds(*condition, chosen);
  }

  /// Takes the level of parameter i under which point number `left` lies; returns its number under that level.
  std::uint64_t choose(std::size_t i, std::uint64_t left, Settings& chosen) const {
    const std::string& path = space_.parameters[i].path;
    if (!decides_[i]) {
      const std::uint64_t below = count_from(i + 1, chosen);
      chosen[path] = levels_[i][left / below];
      return left % below;
    }
    for (const Value& level : levels_[i]) {
      chosen[path] = level;
      const std::uint64_t below = count_from(i + 1, chosen);
      if (left < below) {
        return left;
      }
      left -= below;
    }
    throw InternalError("this is a bug, please report it: a grid point lies under no level");
  }

  /// Points under the values chosen so far, counting parameters from i on; k_most + 1 stands for "too many". Only
  /// parameters that others depend on are walked, the rest multiply.
  [[nodiscard]] std::uint64_t count_from(std::size_t i, Settings& chosen) const {
    if (i == space_.parameters.size()) {
      return 1;
    }
    if (!active(i, chosen)) {
      return count_from(i + 1, chosen);
    }
    std::uint64_t total = 0;
    if (!decides_[i]) {
      total = levels_[i].size() * count_from(i + 1, chosen);
    } else {
      for (const Value& level : levels_[i]) {
        chosen[space_.parameters[i].path] = level;
        total = std::min(total + count_from(i + 1, chosen), k_most + 1);
      }
      chosen.erase(space_.parameters[i].path);
    }
    return std::min(total, k_most + 1);
  }

  SearchSpace space_;
  std::vector<std::vector<Value>> levels_;
  std::vector<bool> decides_;  ///< some condition reads this parameter
  std::uint64_t size_ = 0;
};

}  // namespace

std::vector<Value> grid_levels(const Distribution& distribution, std::int64_t grid_points) {
  return std::visit([&](const auto& kind) { return levels_of(kind, grid_points); }, distribution);
}

std::unique_ptr<SearchStrategy> make_grid(SearchSpace space, std::int64_t grid_points) {
  return std::make_unique<Grid>(std::move(space), grid_points);
}

}  // namespace fairsweep
