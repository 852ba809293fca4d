#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Mean loss of each group over its comparisons in the batch, [K, G]; 0 for a group that is absent. No gradients.
[[nodiscard]] at::Tensor group_mean_losses(const PackBatch& batch, std::int64_t groups);

/// What is added to each group's loss before weights follow it: size_adjustment / sqrt(n_g), n_g the group's training
/// comparisons; 0 for a group without any. [G]
/// Source: Sagawa, Koh, Hashimoto, Liang (ICLR 2020), section 3.3.
[[nodiscard]] std::vector<double> size_adjustments(const TrainingFacts& facts, double size_adjustment);

/// Moving averages of group losses: mean <- (1 - rate) mean + rate L_g for the groups in the batch, L_g itself where
/// the group is seen first; others stay. `seen` is 0 before that and 1 from then on.
struct GroupAverages {
  at::Tensor mean;  ///< [K, G]
  at::Tensor seen;  ///< [K, G]
};
/// @param group_loss [K, G]    @param present [K, G] bool: groups in the batch    @param rate [K]
[[nodiscard]] GroupAverages moved_averages(const GroupAverages& averages, const at::Tensor& group_loss,
                                           const at::Tensor& present, const at::Tensor& rate);

/// sum_g q_g L_g, [K], with gradients through L_g alone (algorithm 1, line 7). @param q [K, P], P >= groups
[[nodiscard]] at::Tensor group_dro_loss(const PackBatch& batch, const at::Tensor& q, std::int64_t groups);

/// Online group distributionally robust optimisation. docs/methods/group_dro.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_group_dro();

}  // namespace fairsweep
