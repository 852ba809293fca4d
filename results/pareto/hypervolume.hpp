#pragma once

#include <cstddef>
#include <span>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// The most columns a volume may have; the recursion keeps a set of columns in one word.
inline constexpr std::size_t k_most_volume_dimensions = 32;

/// Exact hypervolume: the volume of the region that `points` weakly dominate, bounded by `reference`.
/// Smaller is better in every column; convert with Objective::to_minimisation() first.
/// @param points     n x m, finite; dominated rows and copies are allowed and add nothing
/// @param reference  m finite values, m <= k_most_volume_dimensions; a row not strictly below it in every column adds 0
/// Cost: O(n log n) for m <= 3, O(n^2) for 4; above, a recursion over columns (BoxUnion), exponential in m at worst and
/// quick with ties, ending in the sweep of four columns.
/// Accuracy: about n m 1e-16 relative wherever the volume is a normal double: where a product of sides could leave the
/// range of double on the way, all is worked out in long double, which has room for any up to 15 columns.
/// @throws InternalError where a value is not finite or sizes differ. Example: {{1,1}}, reference {3,3} -> 4.
[[nodiscard]] double hypervolume(PointsView points, std::span<const double> reference);

}  // namespace fairsweep::pareto
