#pragma once

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// IGD+: the mean over the reference set of the distance to the nearest point of the approximation, in which only the
/// columns count where that point is worse. Smaller is better in every column and in the answer; 0 where every
/// reference point is weakly dominated. Weakly Pareto-compliant, which IGD is not; depends on the columns' scales.
/// mean over r of min over a of the Euclidean length of max(a - r, 0).
/// @param approximation  n x m, finite; none at all is infinitely far: infinity
/// @param reference      k x m, finite, at least one
/// O(n k m). Sums are taken in long double: squares of any doubles stay in its range.
/// Source: Ishibuchi, Masuda, Tanigaki, Nojima (EMO 2015).
/// @throws InternalError for NaN, infinities, an empty reference set and different dimensions.
/// Example: {{4,5}} against {{1,1},{9,9}} -> 2.5.
[[nodiscard]] double igd_plus(PointsView approximation, PointsView reference);

}  // namespace fairsweep::pareto
