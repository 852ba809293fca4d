#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Sum over groups of the mean loss of a group's comparisons under the group's own member, [K]; a group that is absent
/// from the batch adds 0, and comparisons without a group are in no mean.
/// @param batch  with as many members as there are groups
[[nodiscard]] at::Tensor typewise_loss(const PackBatch& batch);

/// A reward model for each group, trained on that group alone, scored as their average. docs/methods/heterogeneous.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_typewise_average();

}  // namespace fairsweep
