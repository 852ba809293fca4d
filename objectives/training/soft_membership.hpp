#pragma once

#include <ATen/ATen.h>

#include <string>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// 1 for the group of each comparison's user, equal parts for users without one: [M, G] double.
[[nodiscard]] at::Tensor own_group_membership(const TrainingFacts& facts, const ComparisonFacts& comparisons);

/// Who asks for a soft membership, for messages.
struct SoftMembershipAsked {
  std::string what;     ///< "method.pafo.condition is soft_membership"
  std::string instead;  ///< "group or agreement"
};

/// Membership by preference support rate, for two groups: p = 1 / (1 + exp((s_u - tau) / softness)) for the smaller,
/// 1 - p for the other, with s_u the user's support rate and tau its quantile at the smaller group's share of the
/// users; users whose support rate is not known as in own_group_membership. As softness goes to 0, the side of tau
/// alone counts. [M, G] double, rows sum to 1.
/// @param softness > 0, in units of support rate
/// @throws UserError (configuration) where there are other than two groups, or the support rate is known of nobody.
[[nodiscard]] at::Tensor soft_membership(double softness, const SoftMembershipAsked& asked, const TrainingFacts& facts,
                                         const ComparisonFacts& comparisons);

}  // namespace fairsweep
