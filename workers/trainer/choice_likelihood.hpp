#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace fairsweep {

/// Which candidates of a batch exist and how many are in order. Shapes as scores: [K, n, B] and [K, B].
struct ChoiceShape {
  at::Tensor absent;  ///< [K, n, B] bool; undefined where every comparison has all n candidates
  at::Tensor ranked;  ///< [K, B] int64; undefined where only the first candidate is ranked everywhere
  std::int64_t most_ranked = 1;
};

struct ChoiceOutcome {
  at::Tensor loss;    ///< [K, B] negative log-likelihood of what the user did, >= 0
  at::Tensor margin;  ///< [K, B] score of the best-ranked minus the best of the others
};

/// The likelihood of the users' orders under scores [K, n, B], candidates best first, at least two present.
///
/// Plackett-Luce over the ranked prefix: loss = sum_{t < ranked} ( log sum_{j >= t} exp s_j - s_t ). With one ranked it
/// is the conditional logit (McFadden 1974), with two candidates Bradley-Terry. Source: Plackett 1975; Luce 1959.
/// Cost: O(most_ranked * n * K * B).
[[nodiscard]] ChoiceOutcome choice_likelihood(const at::Tensor& scores, const ChoiceShape& shape);

}  // namespace fairsweep
