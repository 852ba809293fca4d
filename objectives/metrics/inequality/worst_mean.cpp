#include "objectives/metrics/inequality/worst_mean.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/mean.hpp"

namespace fairsweep::fairness {

double worst_mean(std::span<const double> values, double share, Direction direction) {
  check(share > 0 && share <= 1, "a share of the worst is above 0 and at most 1");
  std::vector<double> sorted(values.begin(), values.end());
  if (direction == Direction::maximise) {
    std::ranges::sort(sorted);
  } else {
    std::ranges::sort(sorted, std::greater{});
  }
  // 0.1 x 30 is a little above 3 in binary, and the worst tenth of 30 people are 3.
  const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size()) - 1e-9));
  return mean_of(std::span(sorted).first(count));
}

}  // namespace fairsweep::fairness
