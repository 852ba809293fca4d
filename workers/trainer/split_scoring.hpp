#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "objectives/training/member_mix.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What K models, or K mixes of several, say about the m comparisons of a split, without gradients, on the
/// device.
struct SplitEvaluation {
  at::Tensor scores;       ///< [K, n, m]
  at::Tensor loss;         ///< [K, m]
  at::Tensor margin;       ///< [K, m]
  at::Tensor spread = {};  ///< [K, n, m] as ModelAnswers; undefined where the likelihood reads none, and of mixtures
};

/// What a trained model says about the comparisons of a split. Host memory; one entry a comparison.
struct SplitScores {
  std::vector<float> margin;
  std::vector<float> log_probability;
};

/// Of model or mix k.
[[nodiscard]] SplitScores scores_of(const SplitEvaluation& evaluation, std::int64_t k);

/// Scores a split in blocks whose sizes do not depend on K, so that a trial's bits do not either. Comparisons
/// that are in their users' history (the training split) are scored as in training: without themselves in it, and with
/// the same doubt about answers that may be mistaken.
/// @param blocks  as RewardModel::for_scoring gives them
/// @param mix  of K trials where `blocks` are of K * L models of which every L make up one; undefined: each is scored
/// for
///             itself
[[nodiscard]] SplitEvaluation evaluate_split(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                             const at::Tensor& features, const ComparisonTensors& split,
                                             const MemberMix& mix = {});

}  // namespace fairsweep
