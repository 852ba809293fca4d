#include "objectives/metrics/inequality/value_range.hpp"

#include <algorithm>
#include <cmath>

namespace fairsweep::fairness {

double value_range(std::span<const double> values) {
  if (values.empty()) {
    return std::nan("");
  }
  const auto [least, most] = std::ranges::minmax(values);
  return most - least;
}

double relative_gap(std::span<const double> group_values, double overall) {
  return overall > 0 ? value_range(group_values) / overall : std::nan("");
}

}  // namespace fairsweep::fairness
