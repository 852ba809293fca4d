#pragma once

#include <memory>

#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {

/// Pairs of candidates whose worth is normal, with the score as mean and a deviation of its own:
///   P(1) = Phi((m_1 - m_2) / sqrt(d_1^2 + d_2^2)),  log d = the model's second output.
/// A common factor on scores and deviations changes nothing; only ratios mean something.
/// Source: Siththaranjan, Laidlaw, Hadfield-Menell, Distributional Preference Learning, ICLR 2024, arXiv 2312.08358,
/// the mean-and-variance model.
[[nodiscard]] std::unique_ptr<Likelihood> make_mean_variance();

/// -log Phi(z) with a gradient that stays exact in both tails. [any shape]
[[nodiscard]] at::Tensor normal_loss(const at::Tensor& z);

}  // namespace fairsweep
