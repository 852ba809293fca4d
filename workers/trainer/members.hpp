#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "objectives/training/member_mix.hpp"
#include "workers/trainer/likelihoods/likelihood.hpp"
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

/// What the trials say that the members make up: of what K * L models say (scores [K * L, n, B]) that of K trials, and
/// the loss and margin [K, B] under it. In the type of the scores for a mean, in double for a mixture, whose scores
/// differ by the log-odds of the two answers. A mean is one of scores and of the likelihood's learned numbers. Without
/// a mix each model is a trial.
/// @param user [B] int64 of the comparisons    @param shape of the comparisons, for K trials
struct JoinedOutcome {
  ModelAnswers says;  ///< of a mixture the scores alone
  ChoiceOutcome outcome;
};
[[nodiscard]] JoinedOutcome joined_outcome(const Likelihood& likelihood, const ModelAnswers& says, const MemberMix& mix,
                                           const at::Tensor& user, const ChoiceShape& shape);

/// A trained trial's parameters by name, on the CPU: those of RewardModel::named_parameters, or of L > 1 members
/// "member.0." and so on before the names of each, and "member_weight" [L], or [U, L] where people have
/// their own.
/// @param blocks  of K * L models as RewardModel::for_scoring gives them
/// @param weight [L] or [L, U] of trial k; undefined for single models
[[nodiscard]] std::map<std::string, at::Tensor> named_members(const RewardModel& model,
                                                              const std::vector<at::Tensor>& blocks, std::int64_t k,
                                                              const at::Tensor& weight);

}  // namespace fairsweep
