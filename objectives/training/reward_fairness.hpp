#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// log |f_beta| of each trial, where
///   f_beta = sign(1 - beta) (sum_i (x_i / sum_j x_j)^(1 - beta))^(1 / beta) / B,   x_i = 1 / (1 + e^-margin_i),
/// which is sign(1 - beta) (mean_i (x_i / mean x)^(1 - beta))^(1 / beta). A comparison of weight 2 counts as two, one
/// of weight 0 (padding) not at all. |f_beta| is 1 where all x are equal; with beta -1 it is Jain's index.
/// @param margin, weight [K, B], B a multiple of k_block    @param beta [K, 1] double, neither 0 nor 1
/// @returns [K, B] double, the same number along each row
/// Source: Lan, Kao, Chiang, Sabharwal, An Axiomatic Theory of Fairness in Network Resource Allocation, INFOCOM 2010.
[[nodiscard]] at::Tensor log_reward_fairness(const at::Tensor& margin, const at::Tensor& weight,
                                             const at::Tensor& beta);

/// Pooled training that also looks at how evenly a batch's comparisons are won. docs/methods/reward_fairness.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_reward_fairness();

}  // namespace fairsweep
