#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <string>

#include "workers/trainer/choice_likelihood.hpp"
#include "workers/trainer/reward_model.hpp"

namespace fairsweep {

// K trials of L models each (Stage::members) are K * L models to everything that scores: the members of a trial follow
// each other. With L = 1 all of this is what it would be without members.

/// What K trials see, for each of their members: [K, ...] gives [K * L, ...]. Nothing is copied where L = 1.
[[nodiscard]] at::Tensor for_members(const at::Tensor& values, std::int64_t members);
[[nodiscard]] LeftOut for_members(const LeftOut& left_out, std::int64_t members);
[[nodiscard]] ChoiceShape for_members(const ChoiceShape& shape, std::int64_t members);

/// What K * L models say, as methods read it: [K * L, ...] gives [K, L, ...], or itself where L = 1.
[[nodiscard]] at::Tensor by_member(const at::Tensor& values, std::int64_t members);

/// Weighted means of the members' scores: [K * L, n, m] gives [K, n, m]. @param weight [K, L], rows sum to 1
[[nodiscard]] at::Tensor mean_of_members(const at::Tensor& scores, const at::Tensor& weight);

/// A trained trial's parameters by name, on the CPU: those of RewardModel::named_parameters, or of L > 1 members
/// "member.0." and so on before the names of each, and "member_weight" [L].
/// @param row [P] or [L * P]    @param weight [L]; undefined for a single model
[[nodiscard]] std::map<std::string, at::Tensor> named_members(const RewardModel& model, const at::Tensor& row,
                                                              const at::Tensor& known, const at::Tensor& weight);

}  // namespace fairsweep
