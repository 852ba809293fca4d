#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// The first-order correction of Shirali et al., Direct Alignment with Heterogeneous Preferences (arXiv 2502.16320):
// with h the log-odds that a model gives an answer, s = sigma(h), and V the variance over people of theirs,
//   E_u sigma(h_u) ~ q = s + (alpha / 2) sigma''(h) V = s + (alpha / 2) (1 - 2 s) / (s (1 - s)) Var_sigma,
// where Var_sigma = (s (1 - s))^2 V is the variance over people of the probability (delta method).

/// The corrected probability is kept from 0 by this.
inline constexpr double k_least_probability = 1e-4;
/// sigma (1 - sigma) is not divided by below this.
inline constexpr double k_least_slope = 1e-6;

/// q in the last form, with gradients through s wherever it stands: of the variance alone there are none.
/// @param loss [K, B] -log s    @param variance [K, B] Var_sigma, constant
/// @param alpha, clip [K] the correction before alpha is cut to [-clip, clip]
[[nodiscard]] at::Tensor corrected_probability(const at::Tensor& loss, const at::Tensor& variance,
                                               const at::Tensor& alpha, const at::Tensor& clip);

/// Plain training, then the corrected loss -log q, with V from latent types or from group models.
/// docs/methods/heterogeneous.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_first_order();

}  // namespace fairsweep
