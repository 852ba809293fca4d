#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What one user said about one pair of candidates, low < high.
struct Answer {
  std::int64_t low = 0, high = 0;
  std::int32_t user = 0;
  double prefers_low = 0;  ///< share of the user's answers to the pair that prefer the first of the two
  double count = 1;        ///< how many those are

  [[nodiscard]] bool same_pair(const Answer& other) const { return low == other.low && high == other.high; }
};

/// By pair, then by user.
[[nodiscard]] bool before(const Answer& left, const Answer& right);

/// Every pair that these comparisons answer, by pair and user, one entry for each user of a pair. A comparison answers
/// each two candidates of which it says which is better: the first `ranked` against all after them.
/// O(n log n) for n answered pairs.
[[nodiscard]] std::vector<Answer> answered_pairs(const PreferenceData& data, std::span<const std::int64_t> rows);

/// Whether two people answered the same pair. The cost of answered_pairs.
[[nodiscard]] bool two_share_a_pair(const PreferenceData& data, std::span<const std::int64_t> rows);

}  // namespace fairsweep
