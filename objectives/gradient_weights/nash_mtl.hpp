#pragma once

#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// Nash-MTL: the Nash bargaining solution between the losses, w > 0 with G w = 1/w in each entry: the minimum of
/// w^T G w / 2 - sum log w. Every loss improves, <g_i, d> = 1 / w_i > 0.
///
/// Source: Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya, Multi-Task Learning as a Bargaining Game (ICML
/// 2022, arXiv 2202.01017), the step of its algorithm 1.
/// @param max_norm  > 0, the greatest length of d; infinity for no limit. The solution always has length sqrt(L), as
///        w^T G w = sum w_i / w_i, however short the gradients are, so any limit below sqrt(L) is the length of d.
/// Scale: invariant. A loss made s times larger gets 1/s of the weight, and d stays.
/// Where no step improves every loss (the shortest vector in the hull of the unit gradients is shorter than 1e-7),
/// there is no solution: all weights are 0.
/// Deviations: the convex problem is solved by damped Newton steps until |w_i (G w)_i - 1| is what rounding leaves
/// (below 1e-10 unless the gradients nearly cancel), where the authors linearise, take 20 steps of a solver to 1e-3 and
/// begin from the step before; so nothing is remembered here. They divide G by its Frobenius norm F, which makes d
/// sqrt(F) times longer before the limit, and have 1 for a limit.
/// Cost: O(L^3) a Newton step: 6 at L = 5 and 7 at L = 10 on average, 50 where gradients nearly cancel, 200 at most.
/// @returns [L], > 0; by the rules of Gramian 0 for losses without a gradient, or all NaN
/// @throws InternalError where `max_norm` is not above 0.
[[nodiscard]] std::vector<double> nash_mtl_weights(const Gramian& gramian, double max_norm);

}  // namespace fairsweep
