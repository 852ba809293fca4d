#include "objectives/metrics/inequality/theil.hpp"

#include <algorithm>
#include <cmath>

#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/inequality/shares.hpp"

namespace fairsweep::fairness {

double theil(std::span<const double> values) {
  if (!can_be_shared(values)) {
    return std::nan("");
  }
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) {
    const double share = value / mean;
    sum += share > 0 ? share * std::log(share) : 0;
  }
  return std::max(0.0, sum / static_cast<double>(values.size()));
}

}  // namespace fairsweep::fairness
