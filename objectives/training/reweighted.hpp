#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// L = sum_i f_{g(i)} w_i l_i / sum_i w_i over the batch: [K]. `factor` is [K, G],
/// of reweighting_factors.
[[nodiscard]] at::Tensor reweighted_loss(const PackBatch& batch, const at::Tensor& factor);

/// Pooled training with small groups' comparisons weighted up. docs/methods/reweighted.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_reweighted();

}  // namespace fairsweep
