#pragma once

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Generalised spread of the front among `points`: how unevenly its points lie, and how far its ends are from those
/// of a reference set. Smaller is better; 0 is even. Says nothing about how good the points are.
///
/// (sum of e + sum of |d - mean d|) / (sum of e + n mean d), where d is each front point's distance to its nearest
/// neighbour and e, for each column, the distance from the reference set's best point in it (of several, the first in
/// lexicographic order) to the front. Distances are Euclidean after each column of the reference set, or of the front
/// where there is none, is put to [0, 1]; a column that is constant there does not count.
/// @param points     n x m, finite; copies and dominated rows do not count
/// @param reference  k x m, finite, or none: then there is no sum of e
/// @return NaN where it is not defined: fewer than two distinct points on the front, or no column that counts
/// O(n (n + k) m). Source: Zhou, Jin, Zhang, Sendhoff, Tsang (CEC 2006), after Deb et al. (2002).
/// Deviation: the published form leaves the scales as they are.
/// @throws InternalError for NaN, infinities and different dimensions.
/// Example: {{0,4},{1,3},{4,0}} -> 8/15: distances are 1, 1 and 3 quarters of a diagonal.
[[nodiscard]] double spread(PointsView points, PointsView reference = {});

}  // namespace fairsweep::pareto
