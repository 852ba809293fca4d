#include "workers/data/generators/type_rewards.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "core/random/portable_math.hpp"
#include "workers/data/generators/generator_streams.hpp"

namespace fairsweep {

namespace {

constexpr std::array<std::pair<std::string_view, RewardShape>, 2> k_shapes = {
    {{"linear", RewardShape::linear}, {"network", RewardShape::network}}};
constexpr std::size_t k_hidden = 8;
constexpr double k_gain = 2;  // of a hidden unit: much less is linear, much more a staircase

double tanh_of(double x) { return 1 - 2 / (portable::exp(2 * x) + 1); }

double inner(std::span<const double> left, std::span<const double> right) {
  double sum = 0;
  for (std::size_t at = 0; at < left.size(); ++at) {
    sum += left[at] * right[at];
  }
  return sum;
}

std::vector<double> direction_of(RandomStream& stream, std::size_t length) {
  std::vector<double> direction(length);
  for (double& value : direction) {
    value = stream.normal();
  }
  const double norm = std::sqrt(inner(direction, direction));
  check(norm > 0, "a random direction has a length");
  for (double& value : direction) {
    value /= norm;
  }
  return direction;
}

/// A random function of the candidates' features.
class RewardFunction {
 public:
  RewardFunction(std::size_t features, RewardShape shape, std::uint64_t seed, std::uint32_t number) : shape_(shape) {
    RandomStream stream(seed, generator_streams::k_shared, 0, Purpose::generator_items, number);
    const std::size_t units = shape == RewardShape::linear ? 1 : k_hidden;
    units_.resize(units);
    for (Unit& unit : units_) {
      unit.direction = direction_of(stream, features);
      unit.bias = stream.normal();
      unit.weight = stream.normal();
    }
  }

  [[nodiscard]] double operator()(std::span<const double> row) const {
    if (shape_ == RewardShape::linear) {
      return inner(units_.front().direction, row);
    }
    double sum = 0;
    for (const Unit& unit : units_) {
      sum += unit.weight * tanh_of(k_gain * (inner(unit.direction, row) + unit.bias));
    }
    return sum;
  }

 private:
  struct Unit {
    std::vector<double> direction;
    double bias = 0, weight = 0;
  };
  RewardShape shape_;
  std::vector<Unit> units_;
};

/// Mean 0, orthogonal to those before it, and of length 1, over the candidates.
void make_orthonormal(std::vector<double>& column, std::span<const std::vector<double>> before) {
  // Twice is enough for rounding (Giraud, Langou, Rozloznik 2005).
  for (int pass = 0; pass < 2; ++pass) {
    double mean = 0;
    for (const double value : column) {
      mean += value / static_cast<double>(column.size());
    }
    for (double& value : column) {
      value -= mean;
    }
    for (const std::vector<double>& other : before) {
      const double along = inner(column, other);
      for (std::size_t at = 0; at < column.size(); ++at) {
        column[at] -= along * other[at];
      }
    }
    const double norm = std::sqrt(inner(column, column));
    check(norm > 1e-9, "random functions of more candidates than there are functions are independent");
    for (double& value : column) {
      value /= norm;
    }
  }
}

}  // namespace

RewardShape reward_shape_named(std::string_view name) {
  for (const auto& [known, shape] : k_shapes) {
    if (known == name) {
      return shape;
    }
  }
  throw UserError(ExitCode::configuration, "--rewards is \"" + std::string(name) + "\"; it must be linear or network");
}

std::string_view name_of(RewardShape shape) {
  for (const auto& [name, known] : k_shapes) {
    if (known == shape) {
      return name;
    }
  }
  throw InternalError("this is a bug, please report it: a shape of rewards without a name");
}

std::vector<std::vector<double>> type_rewards(std::span<const float> features, std::size_t feature_count,
                                              std::size_t types, RewardShape shape, double similarity,
                                              std::uint64_t seed) {
  const std::size_t candidates = features.size() / feature_count;
  check(types > 0 && candidates > types, "there are more candidates than types");
  check(shape == RewardShape::network || feature_count >= types, "linear rewards need a feature for each type");
  std::vector<std::vector<double>> rewards(types, std::vector<double>(candidates));
  std::vector<double> row(feature_count);
  for (std::size_t type = 0; type < types; ++type) {
    const RewardFunction function(feature_count, shape, seed, static_cast<std::uint32_t>(type));
    for (std::size_t candidate = 0; candidate < candidates; ++candidate) {
      const std::span<const float> stored = features.subspan(candidate * feature_count, feature_count);
      std::transform(stored.begin(), stored.end(), row.begin(), [](float x) { return static_cast<double>(x); });
      rewards[type][candidate] = function(row);
    }
    make_orthonormal(rewards[type], std::span(rewards).first(type));
  }
  // The matrix (1 - s) I + s 1 1' has eigenvalues 1 - s, and 1 - s + s T along 1: its root is own I + common 1 1'.
  const auto count = static_cast<double>(types);
  const double own = std::sqrt(std::max(0.0, 1 - similarity));
  const double common = (std::sqrt(std::max(0.0, 1 + similarity * (count - 1))) - own) / count;
  const double scale = std::sqrt(static_cast<double>(candidates));
  for (std::size_t candidate = 0; candidate < candidates; ++candidate) {
    double sum = 0;
    for (const std::vector<double>& column : rewards) {
      sum += column[candidate];
    }
    for (std::vector<double>& column : rewards) {
      column[candidate] = scale * (own * column[candidate] + common * sum);
    }
  }
  return rewards;
}

}  // namespace fairsweep
