#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What K models, or K weighted means of several, say about the m comparisons of a split, without gradients, on the
/// device.
struct SplitEvaluation {
  at::Tensor scores;  ///< [K, n, m]
  at::Tensor loss;    ///< [K, m]
  at::Tensor margin;  ///< [K, m]
};

/// Scores a split in blocks whose sizes do not depend on K, so that a trial's bits do not either. Comparisons
/// that are in their users' history (the training split) are scored as in training: without themselves in it.
/// @param blocks  as RewardModel::for_scoring gives them
/// @param member_weight  [K, L] where `blocks` are of K * L models of which every L are scored as their weighted mean;
///                       undefined: each is scored for itself
[[nodiscard]] SplitEvaluation evaluate_split(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                             const at::Tensor& features, const ComparisonTensors& split,
                                             const at::Tensor& member_weight = {});

}  // namespace fairsweep
