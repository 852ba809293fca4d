#pragma once

#include <span>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// For each row, the hypervolume that the whole set loses without it: the volume that it alone covers. Dominated rows,
/// copies and rows not strictly below the reference have 0; dominated rows count as part of the set, so that they lower
/// the contribution of the one who dominates them. For contributions within the front, give the front.
/// @param points     n x m, finite, smaller is better; any rows
/// @param reference  m finite values
/// Cost: O(n log n) for up to three columns; above, the recursion of hypervolume() once a row, on what reaches into the
/// part of its box that slabs leave.
/// Accuracy: sums of positive terms up to three columns; above, about 1e-13 of the row's shortened box, worked out in
/// long double where little of it is left. There is no value below which a contribution counts as 0.
/// @throws InternalError where a value is not finite or sizes differ. Example: {{1,2},{2,1}}, reference {3,3} -> 1, 1.
[[nodiscard]] std::vector<double> contributions(PointsView points, std::span<const double> reference);

}  // namespace fairsweep::pareto
