#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Running moments of a utility in each group, corrected for how much of them is still the zero they began with.
struct RunningMoments {
  at::Tensor seen;    ///< [K, G] 1 - 0.99^(steps in which the group was there)
  at::Tensor first;   ///< [K, G] running mean of the utility, times `seen`
  at::Tensor second;  ///< [K, G] running mean of its square, times `seen`
};

/// One step: first <- 0.99 first + 0.01 mean over the group's comparisons in the batch (by weight), and so on. A group
/// that is absent from the batch keeps its moments.
/// @param utility [K, B], no gradients
[[nodiscard]] RunningMoments moved_moments(const RunningMoments& moments, const PackBatch& batch,
                                           const at::Tensor& utility);

/// Population deviation of the utility in each group, [K, G]; 0 for a group that was never there.
[[nodiscard]] at::Tensor running_deviation(const RunningMoments& moments);

/// DVAO's weights with groups for objectives: share_g sigma_g / sum_l share_l sigma_l, [K, G]; the shares themselves
/// where no group with a share has spread. @param share [K, G], >= 0, rows sum to 1    @param deviation [K, G], >= 0
[[nodiscard]] at::Tensor spread_weights(const at::Tensor& share, const at::Tensor& deviation);

/// The groups' losses weighted by share times the spread of their utility, after DVAO: an ablation of ours.
/// docs/methods/dvao_weighted.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_dvao_weighted();

}  // namespace fairsweep
