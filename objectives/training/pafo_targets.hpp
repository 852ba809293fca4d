#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// Target margins of PAFO-style training, reconstructed: which teacher's margin a comparison is drawn towards. All are
// margins to the best-ranked candidate, [M, n] double, 0 where a candidate is absent, cut to k_largest_margin.

/// The margins of the teacher of the comparison's user's group, on that teacher's scale; 0 for users without a group.
/// @param scores by group, [M, n] each    @param scale [G]
[[nodiscard]] at::Tensor group_target_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                              const std::vector<double>& scale);

/// The mean over the teachers where all of them see the candidate on the same side of the best-ranked, else the margin
/// of the own group's teacher. Decided for each candidate by itself, as for a pair of it and the best-ranked; a margin
/// of exactly 0 is on neither side.
[[nodiscard]] at::Tensor agreement_target_margins(const ComparisonFacts& comparisons,
                                                  const std::vector<at::Tensor>& scores,
                                                  const std::vector<double>& scale);

/// sum_g member_g margin_g. @param membership [M, G], rows sum to 1
[[nodiscard]] at::Tensor mixed_target_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                              const std::vector<double>& scale, const at::Tensor& membership);

/// By method.pafo.condition:
///   group_and_correct, group  group_target_margins
///   agreement                 agreement_target_margins
///   soft_membership           mixed_target_margins by preference support rate over method.pafo.softness
///   average                   mixed_target_margins with equal parts: the reference that knows no groups
/// @throws UserError (configuration) where the condition is none of them, or the data do not allow it.
[[nodiscard]] at::Tensor pafo_target_margins(const Settings& settings, const TrainingFacts& facts,
                                             const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                             const std::vector<double>& scale);

/// Refuses, before anything is trained, what pafo_target_margins would refuse.
/// @throws UserError (configuration) likewise.
void check_pafo_condition(const Settings& settings, const TrainingFacts& facts);

}  // namespace fairsweep
