#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "workers/data/description/pair_votes.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Margin by which a new top answer has to win, and the least share an opponent may have.
inline constexpr double k_flip_margin = 1e-5;
inline constexpr double k_flip_floor = 1e-5;

/// The least total variation, 0.5 sum_i |q_i - 1/N|, of shares q from the uniform ones, with q_i >= `floor`, sum q = 1
/// and `gains` . q >= `margin`; nothing where no such q is. N = size of `gains`, at least 1; N floor <= 1.
/// Cost: O(N log N). Source of the program: Shirali et al., arXiv 2502.16320, section 7.1.
[[nodiscard]] std::optional<double> least_reweighting(std::span<const double> gains, double margin = k_flip_margin,
                                                      double floor = k_flip_floor);

/// How robust the answers are that a pooled model would give first.
///
/// The score of a candidate is its mean win share over the opponents of its context (itself with 1/2), which is what
/// training without the people's names orders by. It depends on how often each opponent was sampled. The question: how
/// far do the opponents' shares have to move from equal ones for another candidate to come out on top?
struct TopAnswerFlips {
  std::int64_t contexts = 0;      ///< with at least three candidates: of two, no weighting changes the order
  std::int64_t judged_whole = 0;  ///< of these, with every pair of candidates judged: of the others it cannot be said
  std::int64_t tied = 0;          ///< of these, without one top answer to begin with
  std::int64_t flippable = 0;     ///< of the judged and not tied
  /// Over the contexts that can be flipped only, as in the source; NaN where there are none.
  double least = 0, median = 0;
};

/// A win share is over people, each with one voice a pair; a tie counts half for either side.
/// Cost: O(answers + sum over contexts judged whole of n^2 log n).
[[nodiscard]] TopAnswerFlips top_answer_flips(const PreferenceData& data, const PairVotes& votes);

}  // namespace fairsweep
