#pragma once

#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// DualProj: the mean gradient projected onto the dual cone {d : J d >= 0}. In weights: w = argmin of v^T G v over
/// v >= 1/L. No loss is harmed, G w >= 0.
///
/// Source: Lopez-Paz and Ranzato, Gradient Episodic Memory for Continual Learning (NeurIPS 2017), equation 11, with the
/// mean for the gradient that is projected; by this name in Quinton and Rey (arXiv 2406.16232).
/// @param regularisation  as in upgrad_weights()
/// Scale: the mean follows the longest gradients; d doubles where all losses double.
/// Deviations: as those of upgrad_weights(); without GEM's margin on the constraints.
/// Cost: one active set of L variables.
/// @returns [L], at least 1/L each; by the rules of Gramian 0 for losses without a gradient, or all NaN
/// @throws InternalError where `regularisation` is negative or not finite.
[[nodiscard]] std::vector<double> dual_proj_weights(const Gramian& gramian, double regularisation = 0);

}  // namespace fairsweep
