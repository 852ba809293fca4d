#pragma once

#include <cstdint>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Rows that the strongest points of samples do not dominate, ascending: where the front is small this leaves little
/// for the filter proper, and where it is most of the set it gives up at once. Every non-dominated row is there.
/// Cost: O(n m) and a small constant. Points have to be finite.
[[nodiscard]] std::vector<std::uint32_t> rows_not_below_strong_points(PointsView points);

}  // namespace fairsweep::pareto
