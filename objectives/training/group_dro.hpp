#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Mean loss of each group over its comparisons in the batch, [K, G]; 0 for a group that is absent. No gradients.
[[nodiscard]] at::Tensor group_mean_losses(const PackBatch& batch, std::int64_t groups);

/// The exponentiated-gradient step q_g <- q_g exp(step_size L_g) / sum. Absent groups (L_g = 0) keep their weight but
/// for the normalisation.
/// @param q [K, P], rows sum to 1, P >= G a multiple of k_block, 0 beyond G    @param group_loss [K, G]
/// @param step_size [K]
/// Source: Sagawa, Koh, Hashimoto, Liang (ICLR 2020), algorithm 1, line 6.
[[nodiscard]] at::Tensor moved_group_weights(const at::Tensor& q, const at::Tensor& group_loss,
                                             const at::Tensor& step_size);

/// sum_g q_g L_g, [K], with gradients through L_g alone (algorithm 1, line 7).
[[nodiscard]] at::Tensor group_dro_loss(const PackBatch& batch, const at::Tensor& q, std::int64_t groups);

/// Online group distributionally robust optimisation. docs/methods/group_dro.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_group_dro();

}  // namespace fairsweep
