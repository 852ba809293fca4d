#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/reward_model.hpp"

namespace fairsweep {

/// What K models say of n candidates of B comparisons: RewardModel::scores and whatever else their likelihood reads.
/// Arguments as there.
[[nodiscard]] ModelAnswers answers_of(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                      const at::Tensor& x, const at::Tensor& user, std::int64_t candidates,
                                      const LeftOut& left_out = {}, ScoreTrace* trace = nullptr);

/// The same around scores that are there, with the trace of them.
[[nodiscard]] ModelAnswers answers_with(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                        const at::Tensor& x, const at::Tensor& scores, const ScoreTrace& trace);

/// Makes what the models say leaves of automatic gradients.
void follow(const ModelAnswers& says);

/// The gradients that a way back left in the leaves, dense; 0 where none came.
[[nodiscard]] ModelAnswers gradients_of(const ModelAnswers& says);

/// `gradients` with each comparison times `share`, [K, B].
[[nodiscard]] ModelAnswers times(const ModelAnswers& gradients, const at::Tensor& share);

/// What goes through the scores to the own numbers of each comparison's person, and through an mlp's phi to the spread,
/// [K, B, P].
[[nodiscard]] at::Tensor own_gradient(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                      const at::Tensor& x, const ModelAnswers& gradients, const ScoreTrace& trace);

/// RewardModel::back from the gradients of what the models say, the block of the likelihood included.
void back(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
          const ModelAnswers& gradients, const ScoreTrace& trace, const std::vector<at::Tensor>& into);
/// The same of RewardModel::back_for.
void back_for(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
              const ModelAnswers& gradients, const ScoreTrace& trace, const std::vector<at::Tensor>& into);

}  // namespace fairsweep
