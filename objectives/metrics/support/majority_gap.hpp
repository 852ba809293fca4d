#pragma once

#include <cstddef>
#include <span>

namespace fairsweep::fairness {

/// Value of the group with the most people minus value of the group with the fewest, raw and signed: of accuracy, above
/// 0 means that the many are served better. Groups of equal size count in their order: the first is the larger. NaN for
/// fewer than two groups. @param people  [groups]. O(groups).
[[nodiscard]] double majority_gap(std::span<const double> group_values, std::span<const std::size_t> people);

}  // namespace fairsweep::fairness
