#pragma once

#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// CAGrad: of the steps within c |g_0| of the mean gradient g_0, the one that improves the worst-off loss most,
///   max_d min_i <g_i, d>  with  |d - g_0| <= c |g_0|,
/// which is d = g_0 + c |g_0| g_w / |g_w| with g_w = J^T w and w the minimum over the simplex of
///   F(w) = <g_w, g_0> + c |g_0| |g_w|.
/// The weights returned are those of d: 1/L + c |g_0| / |g_w| w.
///
/// Source: Liu, Liu, Jin, Stone, Liu, Conflict-Averse Gradient Descent for Multi-task Learning (NeurIPS 2021, arXiv
/// 2110.14048), algorithm 1.
/// @param c  >= 0: 0 is the mean; from 1 on no loss is harmed
/// Scale: g_0 follows the longest gradients; d doubles where all losses double.
/// Where several steps are equally good (possible only where some step g_w of the hull is 0), d is the one nearest to
/// g_0, which is DualProj's; where g_0 is 0, so is d, and the weights are 1/L.
/// Deviations: exact, where the authors iterate: d is the point nearest to g_0 with <g_i, d> >= lambda for all i, an
/// active set, and the greatest lambda that keeps it within the ball is found piece by piece in closed form. Without
/// the 1 / (1 + c^2) by which the authors' code shortens d. Near a point where no step improves all, TorchJD
/// answers 0.
/// Cost: 2 active sets of L variables on average at L = 5, 3 at L = 10; 14 the most that was seen, 100 the limit.
/// @returns [L], at least 1/L each; by the rules of Gramian 0 for losses without a gradient, or all NaN
/// @throws InternalError where c is negative or not finite.
[[nodiscard]] std::vector<double> cagrad_weights(const Gramian& gramian, double c);

}  // namespace fairsweep
