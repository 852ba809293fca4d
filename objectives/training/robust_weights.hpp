#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// Weights on groups or users that follow their losses: what distributionally robust methods have in common.

/// The first `count` weights even, the rest 0: [K, P] with P the padded count.
[[nodiscard]] at::Tensor even_weights(std::int64_t trials, std::int64_t count, const at::TensorOptions& options);

/// The exponentiated-gradient step q_g <- q_g exp(step_size L_g) / sum. Where L_g = 0 a weight changes by the
/// normalisation only.
/// @param q [K, P], rows sum to 1, P >= G a multiple of k_block, 0 beyond G    @param loss [K, G]
/// @param step_size [K]
/// Source: Sagawa, Koh, Hashimoto, Liang (ICLR 2020), algorithm 1, line 6.
[[nodiscard]] at::Tensor moved_weights(const at::Tensor& q, const at::Tensor& loss, const at::Tensor& step_size);

/// Conditional value at risk, greedily: groups from the highest `reference` down get share / worst_share until 1 is
/// spent, the last of them what is left. This maximises sum_g q_g reference_g under q_g <= share_g / worst_share.
/// Of equal groups the one named first goes first.
/// @param reference, share [K, G]; rows of share sum to 1    @param worst_share [K], above 0 and at most 1
[[nodiscard]] at::Tensor worst_share_weights(const at::Tensor& reference, const at::Tensor& share,
                                             const at::Tensor& worst_share);

/// Log weights whose normalised weights are at most `cap`: the largest are cut to one size, the others keep their
/// proportions. Of all such weights these are nearest in relative entropy, so this completes a step of exponentiated
/// gradient over { q : q_u <= cap }. Rows that obey already come back bit for bit.
/// @param log_weight [K, P] double, P a multiple of k_block, the largest of a row 0 and no number below -600 but
/// -infinity, which is no weight    @param cap [K] double, at least 1 / (number of weights)
/// Cost: a sort of P numbers a trial.
[[nodiscard]] at::Tensor capped_log_weights(const at::Tensor& log_weight, const at::Tensor& cap);

}  // namespace fairsweep
