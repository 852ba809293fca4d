#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {

/// Weighted means of the parameters of K * L models, one member after another, the same in every pack: blocks of K
/// models. A model of weight 1 is itself, to the bit. @param weight [K, L]
[[nodiscard]] std::vector<at::Tensor> mean_blocks(const std::vector<at::Tensor>& blocks, const at::Tensor& weight);

/// What K trials say about a split where every person has a model of their own, the mean of L models' parameters. They
/// are made and asked one person after another, so that only one is there at a time. Cost: beside the scoring, people
/// of the split x L x parameters for each trial, of which a table of people's numbers counts with one row (but for
/// `linked`, where it counts whole).
/// @param blocks  of K * L models, as RewardModel::for_scoring gives them
/// @param weight  [K, L, U]
[[nodiscard]] SplitEvaluation evaluate_mean_parameters(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                                       const at::Tensor& features, const ComparisonTensors& split,
                                                       const at::Tensor& weight);

}  // namespace fairsweep
