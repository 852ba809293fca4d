#pragma once

#include <span>
#include <vector>

#include "core/domain/objective.hpp"

namespace fairsweep::fairness {

/// What each group loses beside the best it could have, as a distance: best - value where more is better, value - best
/// where less is. Below 0 where a group has more than its reference gives it. NaN where either is. O(groups).
/// @param best  [groups] what each group has of its own teacher, or of whatever serves it best
[[nodiscard]] std::vector<double> group_regrets(std::span<const double> group_values, std::span<const double> best,
                                                Direction direction);

}  // namespace fairsweep::fairness
