#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string_view>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Shares by which the groups' mean losses are sums over the batch: share_{g,b} = w_b / sum of w over the batch's
/// comparisons of g where b is one of them, else 0. [K, G, B]; all 0 for a group that is not in the batch, and for the
/// comparisons of people without a group.
[[nodiscard]] at::Tensor group_shares(const PackBatch& batch, std::int64_t groups);

/// The groups' weighted mean losses over the batch, [K, G], with gradients; 0 for a group that is not in it.
[[nodiscard]] at::Tensor group_losses(const PackBatch& batch, std::int64_t groups);

/// @throws UserError (configuration) where the data have no groups.
void require_groups(std::string_view method, const TrainingFacts& facts);

}  // namespace fairsweep
