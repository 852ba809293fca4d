#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// What becomes of equal points: counting wants them all, drawing wants one.
enum class Copies { all, first };

/// Rows that no other row dominates, ascending. Equal points do not dominate each other: with Copies::all every copy
/// of a non-dominated point is there, with Copies::first only the first.
/// Cost: O(n m) and little more where the front is small: strong points of a sample drop the rest first. O(n log n) for
/// up to 3 dimensions, O(n log^(m-2) n) above, ties or not. Source: sweeps and divide and conquer of Kung, Luccio,
/// Preparata (J. ACM 22, 1975), split three ways at the median so that ties cost nothing, with a sweep of three columns
/// at the bottom.
/// @throws InternalError where a value is not finite or rows are not whole. Example: {{1,2},{2,1},{2,2}} -> 0, 1.
[[nodiscard]] std::vector<std::size_t> non_dominated(PointsView points, Copies copies = Copies::all);

}  // namespace fairsweep::pareto
