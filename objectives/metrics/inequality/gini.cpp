#include "objectives/metrics/inequality/gini.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "objectives/metrics/inequality/shares.hpp"

namespace fairsweep::fairness {

double gini(std::span<const double> values) {
  if (!can_be_shared(values)) {
    return std::nan("");
  }
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const double n = static_cast<double>(sorted.size());
  double sum = 0, ranked = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sum += sorted[i];
    ranked += (2 * static_cast<double>(i) + 1 - n) * sorted[i];
  }
  return std::max(0.0, ranked / (n * sum));
}

}  // namespace fairsweep::fairness
