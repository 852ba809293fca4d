#pragma once

#include <memory>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Target margins of one trial by its teachers: each comparison gets the margins of the teacher of its user's group, on
/// that teacher's scale, cut to k_largest_margin. 0 for users without a group.
/// @param scores by group, [M, n] each    @param scale [G]    @returns [M, n] double
[[nodiscard]] at::Tensor group_target_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                              const std::vector<double>& scale);

/// PAFO-style training, reconstructed: a pooled model, a teacher for each group, one student that follows the margins
/// of its users' teachers. docs/methods/pafo.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_pafo();

}  // namespace fairsweep
