#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Preference support rate of each user, [users], in [0, 1]: how common the user's answers are among the others who
/// were asked the same. NaN for users of whom nothing may be read, or whose pairs nobody else answered.
///
/// A comparison answers a pair of candidates for every two of which it says which is better: the first `ranked` against
/// all after them. With m_v the share of v's answers to a pair that prefer its first candidate, u and v agree by
/// m_u m_v + (1 - m_u)(1 - m_v): 1 or 0 where both answered once. The rate is the mean over u's pairs of the mean over
/// all others v, leaving u out.
/// @param shown rows of the comparisons that may be read of anybody: training and history
/// @param training rows of the comparisons of those who are agreed with
/// Cost: O(n log n) for n answered pairs.
/// Source: our reading of "preference support rate" in the abstract of PAFO, arXiv 2606.07988.
[[nodiscard]] std::vector<double> support_rates(const PreferenceData& data, std::span<const std::int64_t> shown,
                                                std::span<const std::int64_t> training);

}  // namespace fairsweep
