#pragma once

#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// UPGrad: each gradient is projected onto the dual cone {d : J d >= 0}, and the projections are averaged. In weights:
/// w = sum_i v_i with v_i = argmin of v^T G v over v >= e_i / L, e_i the unit vectors. No loss is harmed, G w >= 0.
///
/// Source: Quinton and Rey, Jacobian Descent for Multi-Objective Optimization (arXiv 2406.16232).
/// @param regularisation  share of the trace of G that is added to its diagonal, >= 0: 0 is the method; 1e-4 is the
///        default of the authors' library, with which a step may harm losses a little
/// Scale: linear. A gradient made s times longer has a projection s times longer, and the other projections stay (with
/// regularisation 0).
/// Deviations: exact, where the authors' library calls an iterative solver on G / trace(G) + 1e-4 I; without that
/// library's rule that a G with a trace below 1e-4 counts as zero. L counts losses with a gradient (see Gramian).
/// Cost: L active sets of L variables.
/// @returns [L], at least 1/L each; by the rules of Gramian 0 for losses without a gradient, or all NaN
/// @throws InternalError where `regularisation` is negative or not finite.
[[nodiscard]] std::vector<double> upgrad_weights(const Gramian& gramian, double regularisation = 0);

}  // namespace fairsweep
