#pragma once

#include <memory>

#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {

/// Pairs with ties, where two that are too near cannot be told apart: with w_i = exp s_i and theta > 1 learned,
///   P(i) = w_i / (w_i + theta w_j),  P(tie) = (theta^2 - 1) w_i w_j / ((w_i + theta w_j) (w_j + theta w_i)).
/// theta = 2 at the start, 1/3 for each answer between equals; theta = 1 would be Bradley-Terry. Learned:
/// log(theta - 1).
/// Source: Rao, Kupper, Ties in Paired-Comparison Experiments, JASA 62 (1967).
[[nodiscard]] std::unique_ptr<Likelihood> make_rao_kupper();

}  // namespace fairsweep
