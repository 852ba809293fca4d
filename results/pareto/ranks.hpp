#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// The front each row is on: 0 for the non-dominated ones, 1 for those non-dominated once these are gone, and so on.
/// Copies share a rank. The rank is the length of the longest chain of points each dominating the next that ends here.
/// Cost: O(n log n) for two dimensions, O(n log^(m-1) n) above, however many fronts there are. Source: divide and
/// conquer of Jensen (2003) in the tie-proof form of Fortin, Grenier, Parizeau (GECCO 2013).
/// @throws InternalError where a value is not finite or rows are not whole. Example: {{1,1},{2,2},{1,1}} -> 0, 1, 0.
[[nodiscard]] std::vector<std::size_t> non_dominated_ranks(PointsView points);

}  // namespace fairsweep::pareto
