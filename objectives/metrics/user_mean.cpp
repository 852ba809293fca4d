#include "objectives/metrics/user_mean.hpp"

#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::vector<double> weighted_mean_by_user(const ScoredComparisons& scored, std::size_t user_count,
                                          const std::function<double(std::size_t)>& value_of) {
  const std::size_t comparisons = scored.user.size();
  check(scored.margin.size() == comparisons && scored.log_probability.size() == comparisons &&
            scored.weight.size() == comparisons,
        "margins, log-probabilities, weights and users of a split differ in number");
  std::vector<double> weighted(user_count, 0);
  std::vector<double> total(user_count, 0);
  for (std::size_t i = 0; i < comparisons; ++i) {
    const auto user = scored.user[i];
    check(user >= 0 && static_cast<std::size_t>(user) < user_count, "a scored comparison has no such user");
    const auto weight = static_cast<double>(scored.weight[i]);
    check(weight > 0, "a scored comparison has a weight that is not above 0");
    weighted[static_cast<std::size_t>(user)] += weight * value_of(i);
    total[static_cast<std::size_t>(user)] += weight;
  }
  for (std::size_t user = 0; user < user_count; ++user) {
    weighted[user] = total[user] > 0 ? weighted[user] / total[user] : std::numeric_limits<double>::quiet_NaN();
  }
  return weighted;
}

}  // namespace fairsweep
