#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// sum_k w_k margin_k / sum_l w_l scale_l, where the denominator is no zero. [K, r, B]
/// @param margin [K, G, r, B]    @param membership [K, G, B]    @param scale [K, G]
[[nodiscard]] at::Tensor running_scale_margins(const at::Tensor& margin, const at::Tensor& membership,
                                               const at::Tensor& scale);

/// PAFO-style training whose target margins are DVAO's combination of the teachers, an adaptation of ours to reward
/// models. docs/methods/pafo_dvao.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_pafo_dvao();

}  // namespace fairsweep
