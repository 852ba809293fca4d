#pragma once

#include <ATen/ATen.h>

#include <string_view>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// How much each comparison's user belongs to each group, [M, G] double, rows sum to 1, by the method's `membership`:
///   own_group  1 for the user's group; equal parts for users without one
///   soft       by preference support rate, over the method's `softness` (soft_membership.hpp)
///   of_groups  what data.groups.membership: soft made of the sweep's groups, any number of them; users of whom that is
///              not known as in own_group
///   shared     the same for everybody: the method's `minority_weight` for the smallest group, the rest in equal parts
/// @param method  where the options are: "method.pafo_dvao"
/// @throws UserError (configuration) where soft membership is asked for other than two groups, or the support rate is
///         known of nobody; where of_groups is asked for and the groups are hard.
[[nodiscard]] at::Tensor group_membership(std::string_view method, const Settings& settings, const TrainingFacts& facts,
                                          const ComparisonFacts& comparisons);

}  // namespace fairsweep
