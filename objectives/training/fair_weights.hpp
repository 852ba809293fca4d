#pragma once

#include <ATen/ATen.h>

#include <string_view>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Weights that sum to 1: the comparisons in `among` by group (as `group_share`), every user of a group equally, a
/// user's comparisons by their own weights. 0 for comparisons that are not in `among` or whose user has no group; the
/// share of a group without any is nobody's.
/// @param among [M] bool    @param group_share [G]    @returns [M] double on the host. O(M + users).
[[nodiscard]] at::Tensor weights_by_group_and_user(const ComparisonFacts& comparisons, const at::Tensor& among,
                                                   const std::vector<double>& group_share);

/// `minority_share` for the group with the fewest users who have training comparisons (the first of equals), the rest
/// for the others in equal parts; 1 where there is one group. [G]
[[nodiscard]] std::vector<double> shares_of_groups(const TrainingFacts& facts, double minority_share);

/// shares_of_groups of each trial, [K, G], with the number at `path` of its settings for the minority's share.
[[nodiscard]] at::Tensor preferences_of(const std::vector<Settings>& trials, std::string_view path,
                                        const TrainingFacts& facts, const at::TensorOptions& options);

/// Factor of each group (or user): f_g = c W_g^-strength with c = sum W_g / sum W_g^(1 - strength), W_g the summed
/// weight of the group's training comparisons, so that the mean of f over the comparisons of groups is 1. Strength 0
/// gives exactly 1 for all, strength 1 gives every group the same total weight. A group without training comparisons
/// gets 1.
/// @param group_weight [G], >= 0    @param strength any number; 0 .. 1 is usual
[[nodiscard]] std::vector<double> reweighting_factors(const std::vector<double>& group_weight, double strength);

/// Summed weight of each user's training comparisons, [U]; 0 for users without. O(M + U).
[[nodiscard]] std::vector<double> training_weight_of_users(const TrainingFacts& facts);

/// The group with the fewest training users. @throws InternalError without groups.
[[nodiscard]] std::size_t smallest_group(const TrainingFacts& facts);

}  // namespace fairsweep
