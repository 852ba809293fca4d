#pragma once

#include <span>
#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// EPO: steps towards the Pareto optimum on a ray, where r_i l_i is the same for all losses. With the shares
/// s_i = r_i l_i / sum r l, the non-uniformity mu = sum s_i log(L s_i) and the anchor a_i = r_i (log(L s_i) - mu), r of
/// length 1:
///   * mu > 1e-4, balance: the greatest w^T G a over the simplex, with (G w)_i >= 0 where r_i l_i is greatest and
///     (G w)_i >= (G a)_i where (G a)_i <= 0: no loss rises faster than the anchor would make it. Where no (G a)_i
///     is above 0, with G w >= 0 instead.
///   * else, descent: the greatest sum_i (G w)_i over the simplex, with G w >= 0 and w^T G a >= min(0, max G a).
///
/// Source: Mahapatra and Rajan, Multi-Task Learning with User Preferences: Gradient Descent with Controlled Ascent in
/// Pareto Optimization (ICML 2020), as in the authors' epo_lp.py (dbmptr/EPOSearch).
/// @param losses  [L], >= 0: what the gradients are of, at this step. A loss that is negative or not finite makes all
///        weights NaN. A share below 2^-52 counts as that in its logarithm.
/// @param ray     [L], > 0: r, whose length does not matter. A loss with twice the r is to become half as large.
/// Scale: all losses s times larger change nothing. One loss s times larger moves the goal, as its r would; with r for
/// that loss s times smaller too, the goal stays, and the weights between the losses shift.
/// Deviations: the ray is scaled to length 1, as those are that the authors use; their code takes it as it is, and its
/// length then decides how far a loss may rise. Where the descent programme has no solution, its last row is left out
/// (as the authors' "relaxed" one), and where rounding leaves none to either, MGDA's weights are given; the authors'
/// training code takes r / sum r there. It also multiplies the weights by L; here they sum to 1. Losses without a
/// gradient are left out of s, mu and L, too. A linear programme can have several solutions; the one found may depend
/// on the order of the losses.
///
/// Cost: one programme of L variables and L + 1 rows.
/// @returns [L], >= 0 with sum 1; by the rules of Gramian all 0 or all NaN
/// @throws InternalError where sizes differ or an entry of `ray` is not positive and finite.
[[nodiscard]] std::vector<double> epo_weights(const Gramian& gramian, std::span<const double> losses,
                                              std::span<const double> ray);

}  // namespace fairsweep
