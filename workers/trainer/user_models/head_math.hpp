#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

// Pieces of user heads: features f = phi F of every candidate, and shares that sum to 1. K models, n candidates, B
// comparisons, d features.

/// One over the square root of a count, for start values.
[[nodiscard]] double inverse_root(std::int64_t count);

/// f = phi F, [K, n * B, d].
[[nodiscard]] at::Tensor head_features(const HeadInput& input);

/// The features as [K, n, B, d].
[[nodiscard]] at::Tensor by_candidate(const at::Tensor& features, std::int64_t candidates);

/// Back through f = phi F, given the features' gradient [K, n * B, d]: writes F's and returns phi's; nothing of both
/// where there are no `shared_gradients`.
[[nodiscard]] at::Tensor features_back(const HeadInput& input, const at::Tensor& features_gradient,
                                       const std::vector<at::Tensor>& shared_gradients);

/// Sum over the candidates of weight [K, n, B] times values [K, n, B, d]: [K, B, d], one candidate after another.
[[nodiscard]] at::Tensor sum_over_candidates(const at::Tensor& weight, const at::Tensor& values);

/// exp(logit) over their sum, over the last dimension of [K, B, C].
[[nodiscard]] at::Tensor shares_of(const at::Tensor& logits);

/// Back through shares_of, given the shares and their gradient.
[[nodiscard]] at::Tensor shares_back(const at::Tensor& shares, const at::Tensor& gradient);

}  // namespace fairsweep
