#include "objectives/metrics/inequality/atkinson.hpp"

#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/inequality/shares.hpp"

namespace fairsweep::fairness {
namespace {

/// The amount that, had by all, is worth as much as what they have; in units of the mean.
double equal_equivalent(std::span<const double> values, double mean, double epsilon) {
  double sum = 0;
  for (const double value : values) {
    sum += epsilon == 1 ? std::log(value / mean) : std::pow(value / mean, 1 - epsilon);
  }
  const double average = sum / static_cast<double>(values.size());
  return epsilon == 1 ? std::exp(average) : std::pow(average, 1 / (1 - epsilon));
}

}  // namespace

double atkinson(std::span<const double> values, double epsilon) {
  check(epsilon >= 0 && std::isfinite(epsilon), "the aversion to inequality is a number of at least 0");
  if (!can_be_shared(values)) {
    return std::nan("");
  }
  return std::clamp(1 - equal_equivalent(values, mean_of(values), epsilon), 0.0, 1.0);
}

}  // namespace fairsweep::fairness
