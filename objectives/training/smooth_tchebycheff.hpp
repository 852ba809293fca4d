#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// L = mu log sum_g exp(weight_g L_g / mu) over the groups in the batch, L_g their mean losses: [K]. Its gradient is a
/// mean of the weighted losses' gradients that favours the largest; mu to 0 gives max_g weight_g L_g, a large mu the
/// sum.
/// @param weight [K, G]    @param smoothness [K] mu > 0
[[nodiscard]] at::Tensor smooth_tchebycheff_loss(const PackBatch& batch, const at::Tensor& weight,
                                                 const at::Tensor& smoothness);

/// Smooth Tchebycheff scalarisation over the groups. docs/methods/smooth_tchebycheff.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_smooth_tchebycheff();

}  // namespace fairsweep
