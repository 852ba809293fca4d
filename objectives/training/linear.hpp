#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// L = sum_g weight_g L_g with L_g the mean loss of group g over the batch, 0 where it is absent: [K].
/// @param weight [K, G]
[[nodiscard]] at::Tensor linear_loss(const PackBatch& batch, const at::Tensor& weight);

/// Linear scalarisation: the groups' mean losses with fixed weights. docs/methods/linear.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_linear();

}  // namespace fairsweep
