#include "objectives/metrics/accuracy.hpp"

#include <cmath>

#include "objectives/metrics/user_mean.hpp"

namespace fairsweep {

std::vector<double> Accuracy::per_user(const ScoredComparisons& scored, std::size_t user_count) const {
  return weighted_mean_by_user(scored, user_count, [&scored](std::size_t i) {
    const auto margin = static_cast<double>(scored.margin[i]);
    if (std::isnan(margin)) {
      return margin;  // no answer is not a wrong answer
    }
    return margin > 0 ? 1.0 : (margin < 0 ? 0.0 : 0.5);
  });
}

}  // namespace fairsweep
