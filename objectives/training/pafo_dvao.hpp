#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <vector>

#include "objectives/training/combine_rule.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Teachers' scores of the candidates of each context as rewards in [0, 1]: sigmoid of the scaled score about its mean
/// in the context, because only differences of a preference model's scores mean anything. [M, C, G] double
/// @param scores by group, [M, C] each    @param scale [G]
[[nodiscard]] at::Tensor context_rewards(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                         const std::vector<double>& scale);

/// Margins of combined advantages between the candidates of each comparison and its best-ranked, [M, n] double; 0 where
/// absent. No scale is put on them yet.
/// @param rewards [M, C, G]    @param membership [M, G]
[[nodiscard]] at::Tensor advantage_margins(CombineRule rule, const ComparisonFacts& comparisons,
                                           const at::Tensor& rewards, const at::Tensor& membership);

/// sum_k w_k margin_k / sum_l w_l scale_l, where the denominator is no zero. [K, r, B]
/// @param margin [K, G, r, B]    @param membership [K, G, B]    @param scale [K, G]
[[nodiscard]] at::Tensor running_scale_margins(const at::Tensor& margin, const at::Tensor& membership,
                                               const at::Tensor& scale);

/// PAFO-style training whose target margins are DVAO's combination of the teachers, an adaptation of ours to reward
/// models. docs/methods/pafo_dvao.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_pafo_dvao();

}  // namespace fairsweep
