#pragma once

#include <numeric>
#include <span>

namespace fairsweep::fairness {

/// Sum / n in the order given; NaN of nobody.
[[nodiscard]] inline double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace fairsweep::fairness
