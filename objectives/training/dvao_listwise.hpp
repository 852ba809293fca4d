#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// - sum_j pi(j) A(j) with pi = softmax over the candidates of score / temperature: minus the advantage that is
/// expected of a policy that picks one candidate. [K, B]. Its gradient by score j is -pi(j) (A(j) - sum_i pi(i) A(i)) /
/// temperature.
/// @param scores [K, C, B]    @param advantage [K, C, B], 0 where absent; no gradients    @param temperature [K], > 0
/// @param absent [K, C, B] bool; undefined: nothing is
[[nodiscard]] at::Tensor negative_expected_advantage(const at::Tensor& scores, const at::Tensor& advantage,
                                                     const at::Tensor& temperature, const at::Tensor& absent);

/// DVAO on a reward model that is taken for a policy over the candidates of a context, with advantages by PAFO-style,
/// reconstructed, teachers: an adaptation of ours. docs/methods/dvao_listwise.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_dvao_listwise();

}  // namespace fairsweep
