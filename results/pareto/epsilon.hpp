#pragma once

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Additive epsilon indicator: the least number that, taken from every coordinate of every point of the approximation,
/// makes it nowhere worse than every point of the reference set. Smaller is better in every column and in the answer;
/// 0 where the approximation weakly dominates the reference set tightly, negative where it beats all of it.
/// max over r of min over a of max over columns of (a - r). Weakly Pareto-compliant; depends on the columns' scales.
/// @param approximation  n x m, finite; none at all is infinitely bad: infinity
/// @param reference      k x m, finite, at least one
/// O(n k m). Source: Zitzler, Thiele, Laumanns, Fonseca, da Fonseca, IEEE TEC 7 (2003).
/// @throws InternalError for NaN, infinities, an empty reference set and different dimensions.
/// Example: {{2,2}} against {{1,1},{3,0}} -> 2.
[[nodiscard]] double additive_epsilon(PointsView approximation, PointsView reference);

}  // namespace fairsweep::pareto
