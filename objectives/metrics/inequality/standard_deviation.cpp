#include "objectives/metrics/inequality/standard_deviation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/mean.hpp"

namespace fairsweep::fairness {
namespace {

double variance_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  return squares / static_cast<double>(values.size());
}

}  // namespace

double standard_deviation(std::span<const double> values) { return std::sqrt(variance_of(values)); }

double coefficient_of_variation(std::span<const double> values) {
  const double mean = mean_of(values);
  return mean > 0 ? standard_deviation(values) / mean : std::nan("");
}

double deviation_without_chance(std::span<const double> shares, std::span<const double> comparisons) {
  check(shares.size() == comparisons.size(), "each share needs the number of its comparisons");
  const double mean = mean_of(shares);
  double chance = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    chance += comparisons[i] > 1 ? shares[i] * (1 - shares[i]) / (comparisons[i] - 1) : mean * (1 - mean);
    if (std::isnan(comparisons[i])) {
      chance = comparisons[i];
    }
  }
  const double left = variance_of(shares) - chance / static_cast<double>(shares.size());
  return std::isnan(left) ? left : std::sqrt(std::max(0.0, left));
}

}  // namespace fairsweep::fairness
