#pragma once

#include <span>
#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// DVAO at the level of gradients, with losses for objectives and the length of a gradient for the spread of a reward:
///   d = sum_i w_i g_i / sum_l w_l |g_l|
/// d has the direction of the static sum of weights w, and the length |sum_i w_i g_i| / sum_l w_l |g_l| <= 1, which is
/// 1 where all gradients with weight point the same way and falls as they disagree: the analogue of DVAO's
/// proposition 2.
///
/// Source: an adaptation of ours of Jiang et al., DVAO (arXiv 2605.25604), section 2, which is about rewards.
/// @param preferences  [L], w, >= 0
/// Scale: invariant. All losses s times larger change nothing; one loss s times larger turns d towards it.
/// Cost: O(L).
/// @returns [L], >= 0; by the rules of Gramian 0 for losses without a gradient, or all NaN; all 0 where only losses
///          without weight have a gradient
/// @throws InternalError where sizes differ or a preference is negative or not finite.
[[nodiscard]] std::vector<double> dvao_gradient_weights(const Gramian& gramian, std::span<const double> preferences);

}  // namespace fairsweep
