#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "objectives/metrics/metric.hpp"

namespace fairsweep {

/// Weighted mean over each user's comparisons: sum of weight x value / sum of weight.
/// @param value_of  value of comparison i; a NaN makes its user's mean NaN
/// @return [user_count], NaN for users without a comparison. O(comparisons), sums in double.
/// @throws InternalError where the spans differ in length, a user is outside [0, user_count) or a weight is not > 0.
[[nodiscard]] std::vector<double> weighted_mean_by_user(const ScoredComparisons& scored, std::size_t user_count,
                                                        const std::function<double(std::size_t)>& value_of);

}  // namespace fairsweep
