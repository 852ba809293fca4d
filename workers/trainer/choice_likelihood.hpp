#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace fairsweep {

/// Which candidates of a batch exist and how many are in order. Shapes as scores: [K, n, B] and [K, B].
struct ChoiceShape {
  at::Tensor absent;  ///< [K, n, B] bool; undefined where every comparison has all n candidates
  at::Tensor ranked;  ///< [K, B] int64; undefined where only the first candidate is ranked everywhere
  std::int64_t most_ranked = 1;
  at::Tensor tied;  ///< [K, B] bool: a tie, for the likelihoods that have them; undefined where nothing is
  /// [K, B] where answers may be mistaken, both or neither defined: log(1 - 2 e) and log(2 e / orders), with e the
  /// probability that an answer is turned around and `orders` the number of answers there could have been.
  at::Tensor noise_keep, noise_floor;
};

struct ChoiceOutcome {
  at::Tensor loss;    ///< [K, B] negative log-likelihood of what the user did, >= 0
  at::Tensor margin;  ///< [K, B] score of the best-ranked minus the best of the others, or as Likelihood::outcome says
};

/// Losses with the chance of mistaken answers (ChoiceShape): -log((1 - 2 e) exp(-loss) + 2 e / orders).
[[nodiscard]] at::Tensor with_noise(const at::Tensor& loss, const ChoiceShape& shape);

/// The likelihood of the users' orders under scores [K, n, B], candidates best first, at least two present.
///
/// Plackett-Luce over the ranked prefix: loss = sum_{t < ranked} ( log sum_{j >= t} exp s_j - s_t ). With one ranked it
/// is the conditional logit (McFadden 1974), with two candidates Bradley-Terry. Source: Plackett 1975; Luce 1959.
/// With noise, an answer is with probability 2 e any of those there could have been: q = (1 - 2 e) p + 2 e / orders,
/// for pairs q = (1 - e) p + e (1 - p), each answer turned around with probability e. Cost: O(most_ranked * n * K * B).
[[nodiscard]] ChoiceOutcome choice_likelihood(const at::Tensor& scores, const ChoiceShape& shape);

}  // namespace fairsweep
