#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Comparisons that every group has labelled: the same candidates, an answer of each group.
struct AgreedSets {
  std::int64_t sets = 0;       ///< one answer of every group each; no answer is in two
  std::int64_t unanimous = 0;  ///< of them, where all groups put the same candidate first
  at::Tensor kept;             ///< [M] bool on the CPU: the comparison is in a unanimous set
};

/// Puts answers together: of every set of candidates, the first answer of each group in the order of the rows, then the
/// second, and so on while every group has one. Answers of people without a group, and ties, are in no set.
/// Cost: O(M n log M).
[[nodiscard]] AgreedSets agreed_sets(const ComparisonFacts& comparisons, std::int64_t groups);

/// -log of the probability that all K types put the first candidate first, given that they agree, [K, B]: that is
/// softmax(K score), of pairs sigma(K h), because the product of sigma(h_u) over types is to that of sigma(-h_u) as
/// exp(sum h_u) is to 1. @param types [K trials] K of the sentence, as a number of each trial
/// Source: Shirali et al., arXiv 2502.16320, proposition 6.1.
[[nodiscard]] at::Tensor agreement_loss(const PackBatch& batch, const at::Tensor& types);

/// Training on unanimous answers alone. docs/methods/heterogeneous.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_agreement();

}  // namespace fairsweep
