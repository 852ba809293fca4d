#pragma once

#include <span>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Exact hypervolume: the volume of the region that `points` weakly dominate, bounded by `reference`.
/// Smaller is better in every column; convert with Objective::to_minimisation() first.
/// @param points     n x m, finite; dominated rows and copies are allowed and add nothing
/// @param reference  m finite values; a row not strictly below it in every column adds 0
/// Cost: O(n log n) for m <= 3; above, the WFG recursion (While, Bradstreet, Barone, IEEE TEC 16, 2012) on the
/// non-dominated rows, exponential in m at worst and quick with ties, ending in the three-dimensional sweep.
/// Accuracy: about 1e-13 relative; no intermediate over- or underflow where the volume itself is a normal double.
/// @throws InternalError where a value is not finite or sizes differ. Example: {{1,1}}, reference {3,3} -> 4.
[[nodiscard]] double hypervolume(PointsView points, std::span<const double> reference);

}  // namespace fairsweep::pareto
