#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// What every student of teachers minimises: (1 - lambda) of the pooled log-loss on the labels, lambda of some value of
// each comparison, averaged over groups by share, over users equally and over a user's comparisons by their weights.

/// Constants of `mixed_loss` for these trials: lambda = method.pafo.distillation, the smallest group's share
/// method.pafo.minority_share.
/// @param among of each trial [M] bool: the comparisons whose value counts
[[nodiscard]] ObjectiveConstants mix_constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                               const std::vector<at::Tensor>& among, const at::TensorOptions& options);

/// (1 - lambda) sum_i w_i l_i / sum_i w_i + lambda sum_g pi_g mean over users of g of the mean value, [K], over the
/// batch. Unbiased for the whole training set up to the batch's sum of weights. @param value [K, B]
[[nodiscard]] at::Tensor mixed_loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                    const at::Tensor& value);

}  // namespace fairsweep
