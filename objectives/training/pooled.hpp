#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// L = sum_i w_i l_i / sum_i w_i over the batch, whoever the comparisons are from: [K] from [K, B].
[[nodiscard]] at::Tensor pooled_loss(const PackBatch& batch);

/// The plain reward model: every comparison counts by its weight, groups play no part. docs/methods/pooled.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_pooled();

}  // namespace fairsweep
