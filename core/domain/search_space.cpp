#include "core/domain/search_space.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// Nine significant digits: below that the C libraries of two machines may differ, and a replayed search must suggest
/// the same values. Formatting and parsing are exact everywhere.
double nine_digits(double value) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, 8).ptr;
  double rounded = value;
  std::from_chars(buffer.data(), end, rounded);
  return rounded;
}

double between_logarithms(double low, double high, double quantile) {
  return nine_digits(std::exp(std::log(low) + quantile * (std::log(high) - std::log(low))));
}

Value whole(double value, double low, double high) { return static_cast<std::int64_t>(std::clamp(value, low, high)); }

struct ValueAt {
  double quantile;

  Value operator()(const Choice& choice) const {
    check(!choice.values.empty(), "a choice without values");
    const auto count = choice.values.size();
    const auto index = static_cast<std::size_t>(quantile * static_cast<double>(count));
    return choice.values[std::min(index, count - 1)];
  }
  Value operator()(const Uniform& range) const {
    if (range.integer) {
      return whole(std::floor(range.low + quantile * (range.high - range.low + 1)), range.low, range.high);
    }
    return std::clamp(range.low + quantile * (range.high - range.low), range.low, range.high);
  }
  Value operator()(const LogUniform& range) const {
    if (range.integer) {
      // Half a step beyond both ends, so that the first and last integer are as likely as their neighbours.
      return whole(std::round(between_logarithms(range.low - 0.5, range.high + 0.5, quantile)), range.low, range.high);
    }
    return std::clamp(between_logarithms(range.low, range.high, quantile), range.low, range.high);
  }
};

}  // namespace

Value value_at(const Distribution& distribution, double quantile) {
  check(quantile >= 0 && quantile < 1, "a quantile outside [0, 1)");
  return std::visit(ValueAt{quantile}, distribution);
}

bool holds(const Condition& condition, const Settings& chosen) {
  const auto found = chosen.find(condition.path);
  return found != chosen.end() &&
         std::find(condition.values.begin(), condition.values.end(), found->second) != condition.values.end();
}

}  // namespace fairsweep
