#pragma once

#include <span>
#include <vector>

namespace fairsweep {

/// DVAO at the level of gradients, with groups for objectives: the weights c_g of d = sum_g c_g grad_g with
///   c_g = w_g / sum_l w_l ||grad_l||
/// from the Gramian of the groups' gradients, whose diagonal holds their squared norms. d has the direction of the
/// static sum sum_g w_g grad_g and the norm ||sum_g w_g grad_g|| / sum_l w_l ||grad_l|| <= 1, which is 1 where all
/// gradients with weight point the same way and falls with their conflict: the analogue of DVAO's proposition 2, of
/// ours.
///
/// A loss whose gradient is exactly 0 has weight 0. Where no loss with weight has a gradient, all weights are 0. Where
/// a squared norm is negative or no finite number, all weights are NaN. Norms are taken relative to the largest, so
/// that squares that are finite give an answer that is.
/// @param gramian [L, L] row by row    @param weights [L], >= 0
/// @returns [L]. O(L). Source: an adaptation of arXiv 2605.25604, section 2. @throws InternalError on other sizes.
[[nodiscard]] std::vector<double> dvao_direction_weights(std::span<const double> gramian,
                                                         std::span<const double> weights);

}  // namespace fairsweep
