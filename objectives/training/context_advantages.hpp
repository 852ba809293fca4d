#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "objectives/training/combine_rule.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// What groups' teachers say of all candidates of a context, as the rewards that DVAO combines: an adaptation of ours.

/// Teachers' scores of the candidates of each context as rewards in [0, 1]: sigmoid of the scaled score about its mean
/// in the context, because only differences of a preference model's scores mean anything. [M, C, G] double
/// @param scores by group, [M, C] each    @param scale [G]
[[nodiscard]] at::Tensor context_rewards(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                         const std::vector<double>& scale);

/// The combined advantage of each candidate of the comparisons' contexts, [M, C] double; 0 where absent.
/// @param rewards [M, C, G]    @param membership [M, G]
[[nodiscard]] at::Tensor context_advantages(CombineRule rule, const ComparisonFacts& comparisons,
                                            const at::Tensor& rewards, const at::Tensor& membership);

/// Margins of combined advantages between the candidates of each comparison and its best-ranked, [M, n] double; 0 where
/// absent. No scale is put on them yet.
/// @param rewards [M, C, G]    @param membership [M, G]
[[nodiscard]] at::Tensor advantage_margins(CombineRule rule, const ComparisonFacts& comparisons,
                                           const at::Tensor& rewards, const at::Tensor& membership);

}  // namespace fairsweep
