#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Where a front bulges most towards the ideal point.
struct Knees {
  std::vector<std::size_t> rows;  ///< ascending; all rows that share the largest distance, copies too; none: no knee
  double distance = 0;            ///< of them, 0 where there is none
};

/// The points of the front furthest below the plane through its corner points, after each column of the front is put
/// to [0, 1]: distance (1 - sum of the columns) / sqrt(columns that are not constant), between 0 and that of the ideal
/// point. For two columns the plane is the line through the two ends. There is no knee where no point lies below the
/// plane by 1e-9: fewer than three distinct points, a linear or a concave front.
/// @param points  n x m, finite, smaller is better; dominated rows do not count
/// O(n log^(m-2) n) for the front. Source: Das, Structural Optimization 18 (1999), with the plane through the nadir
/// intercepts instead of the individual minima, so that it exists for every front.
/// @throws InternalError for NaN and infinities. Example: {{0,4},{1,1},{4,0}} -> row 1, 0.5 / sqrt(2).
[[nodiscard]] Knees knees(PointsView points);

}  // namespace fairsweep::pareto
