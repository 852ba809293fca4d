#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// What each comparison of the batch adds to the estimate of its user's mean loss over the user's training
/// comparisons: (W / W_u) w_i / sum_j w_j, whose sum over batches drawn evenly has that mean. [K, B]
/// @param scale [K, U] W / W_u: all training weight over the user's; 0 for users without
[[nodiscard]] at::Tensor user_estimate_coefficients(const PackBatch& batch, const at::Tensor& scale);

/// The exponentiated-gradient step in logarithms: log weight_u + step_size * (estimate of L_u), shifted so that the
/// largest of each trial is 0. A user who is absent from the batch moves with the shift only.
/// @param log_weight [K, P] double, P >= U a multiple of k_block, -infinity for who has no training comparisons
/// @param coefficient [K, B]    @param step_size [K] double
[[nodiscard]] at::Tensor moved_user_weights(const at::Tensor& log_weight, const PackBatch& batch,
                                            const at::Tensor& coefficient, const at::Tensor& step_size);

/// sum_u q_u (estimate of L_u) with q the normalised weights, [K], with gradients through the losses alone.
[[nodiscard]] at::Tensor minimax_users_loss(const PackBatch& batch, const at::Tensor& coefficient,
                                            const at::Tensor& log_weight);

/// Weights on users that grow where the loss is high. docs/methods/minimax_users.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_minimax_users();

}  // namespace fairsweep
