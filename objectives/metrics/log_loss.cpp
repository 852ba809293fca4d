#include "objectives/metrics/log_loss.hpp"

#include "objectives/metrics/user_mean.hpp"

namespace fairsweep {

std::vector<double> LogLoss::per_user(const ScoredComparisons& scored, std::size_t user_count) const {
  return weighted_mean_by_user(scored, user_count, [&scored](std::size_t i) {
    return 0.0 - static_cast<double>(scored.log_probability[i]);  // 0 - x, so that certainty costs 0 and not -0
  });
}

}  // namespace fairsweep
