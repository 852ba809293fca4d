#pragma once

#include <memory>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Factor of each group: f_g = c W_g^-strength with c = sum W_g / sum W_g^(1 - strength), W_g the summed weight of the
/// group's training comparisons, so that the mean of f over the comparisons of groups is 1. Strength 0 gives exactly 1
/// for all, strength 1 gives every group the same total weight. A group without training comparisons gets 1.
/// @param group_weight [G], >= 0    @param strength any number; 0 .. 1 is usual
[[nodiscard]] std::vector<double> reweighting_factors(const std::vector<double>& group_weight, double strength);

/// L = sum_i f_{g(i)} w_i l_i / sum_i w_i over the batch: [K]. `factor` is [K, G].
[[nodiscard]] at::Tensor reweighted_loss(const PackBatch& batch, const at::Tensor& factor);

/// Pooled training with small groups' comparisons weighted up. docs/methods/reweighted.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_reweighted();

}  // namespace fairsweep
