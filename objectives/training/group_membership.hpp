#pragma once

#include <ATen/ATen.h>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// How much each comparison's user belongs to each group, [M, G] double, rows sum to 1, by method.pafo_dvao.membership:
///   own_group  1 for the user's group; equal parts for users without one
///   soft       two groups: p = 1 / (1 + exp((s_u - tau) / softness)) for the smaller, 1 - p for the other, with s_u
///   the
///              user's preference support rate and tau its quantile at the smaller group's share of the users; users
///              whose support rate is not known as in own_group. As softness goes to 0, the side of tau alone counts.
///   of_groups  what data.groups.membership: soft made of the sweep's groups, any number of them; users of whom that is
///              not known as in own_group
///   shared     the same for everybody: method.pafo_dvao.minority_weight for the smallest group, the rest in equal
///   parts
/// @throws UserError (configuration) where soft membership is asked for other than two groups, or the support rate is
///         known of nobody; where of_groups is asked for and the groups are hard.
[[nodiscard]] at::Tensor group_membership(const Settings& settings, const TrainingFacts& facts,
                                          const ComparisonFacts& comparisons);

}  // namespace fairsweep
