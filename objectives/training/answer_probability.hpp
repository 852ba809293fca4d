#pragma once

#include <ATen/ATen.h>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Log-probability of what the users did under scores, Plackett-Luce over the ranked candidates as in training, without
/// mistaken answers. [..., M, n] gives [..., M] in double; no gradients.
/// @param comparisons  of the same split as `scores`, whose candidates are in the user's order
/// Cost: O(ranked candidates * n * M) for each model.
[[nodiscard]] at::Tensor log_probability_of_answers(const at::Tensor& scores, const ComparisonFacts& comparisons);

}  // namespace fairsweep
