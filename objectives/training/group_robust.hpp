#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// What each comparison of the batch adds to the estimate of its group's mean loss over all training comparisons:
/// coefficient_i = (W / W_g) w_i / sum_j w_j, so that sum over g of coefficient_i l_i has L_g as its mean over batches
/// drawn evenly (of comparisons of equal weight). 0 for comparisons without a group. [K, B]
/// @param scale [K, G] W / W_g: all training weight over the group's
[[nodiscard]] at::Tensor group_estimate_coefficients(const PackBatch& batch, const at::Tensor& scale);

/// sum_g a_g (estimate of L_g), [K], with gradients through the losses alone.
/// @param coefficient [K, B], of group_estimate_coefficients    @param weight a, [K, P], P >= G
[[nodiscard]] at::Tensor group_robust_loss(const PackBatch& batch, const at::Tensor& coefficient,
                                           const at::Tensor& weight);

/// Group-robust preference optimisation with the likelihood of a reward model. docs/methods/group_robust.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_group_robust();

}  // namespace fairsweep
