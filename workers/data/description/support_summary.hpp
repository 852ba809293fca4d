#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "workers/data/description/pair_votes.hpp"

namespace fairsweep {

/// How common each person's answers are among the others: the support rate of groups/support_rate.hpp over all
/// comparisons.
struct SupportSummary {
  static constexpr std::array<double, 7> k_quantiles = {0, 0.1, 0.25, 0.5, 0.75, 0.9, 1};

  std::vector<double> rates;       ///< [users]; NaN where nobody else answered the same
  std::int64_t users = 0;          ///< with a rate
  std::array<double, 7> values{};  ///< the quantiles of the rates; NaN where there are none
};

/// The same numbers as support_rates(data, all, all), from answers that are sorted already: by pair, with n voices of
/// sum s, voice m agrees with the others by (m (s - m) + (1 - m) (n - 1 - s + m)) / (n - 1).
/// Cost: O(answers + users log users).
[[nodiscard]] SupportSummary support_summary(const PairVotes& votes, std::int64_t users);

/// Mean of the rates of the users who have one and this code, and how many these are.
struct GroupSupport {
  double mean = std::numeric_limits<double>::quiet_NaN();  ///< NaN where there are none
  std::int64_t users = 0;
};
[[nodiscard]] GroupSupport support_of_group(const SupportSummary& summary, const std::vector<std::int32_t>& codes,
                                            std::int32_t group);

}  // namespace fairsweep
