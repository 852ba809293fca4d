#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Shares by which the groups' mean losses are sums over the batch: share_{g,b} = w_b / sum of w over the batch's
/// comparisons of g where b is one of them, else 0. [K, G, B]; all 0 for a group that is not in the batch, and for the
/// comparisons of people without a group.
[[nodiscard]] at::Tensor group_shares(const PackBatch& batch, std::int64_t groups);

/// Losses that are `shares` [K, L, B] of the comparisons' losses [K, B]: [K, L].
[[nodiscard]] at::Tensor losses_of(const at::Tensor& shares, const at::Tensor& loss);
/// Which of them the batch has comparisons of, [K, L] bool.
[[nodiscard]] at::Tensor present_in(const at::Tensor& shares);

/// The groups' weighted mean losses over the batch, [K, G], with gradients; 0 for a group that is not in it.
[[nodiscard]] at::Tensor group_losses(const PackBatch& batch, std::int64_t groups);

}  // namespace fairsweep
