#pragma once

#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// MGDA: w = argmin of w^T G w over the simplex; the step is the shortest vector in the convex hull of the gradients.
/// It improves every loss, <g_i, d> >= |d|^2, and is 0 where no step can.
///
/// Source: Desideri, Multiple-gradient descent algorithm (Comptes Rendus Mathematique 350, 2012); Sener and Koltun,
/// Multi-Task Learning as Multi-Objective Optimization (NeurIPS 2018, arXiv 1810.04650).
/// Scale: losses do not count alike. Of orthogonal gradients one made s times longer gets 1/s^2 of its share, and
/// the step is no longer than the shortest gradient; d doubles where all losses double.
/// Deviations: exact, where the known implementations iterate (Frank and Wolfe's method); losses with a
/// gradient of zero are left out (see Gramian), where the simplex would give them everything and no step be made.
/// Cost: O(L^3) or so: one active set of L variables.
/// @returns [L], >= 0 with sum 1; by the rules of Gramian all 0 or all NaN
[[nodiscard]] std::vector<double> mgda_weights(const Gramian& gramian);

}  // namespace fairsweep
