#pragma once

#include <cstdint>

#include "workers/data/description/pair_votes.hpp"

namespace fairsweep {

/// How often pairs of candidates were judged, and whether those who did agree.
struct VoteCounts {
  std::int64_t pairs = 0;    ///< different pairs of candidates with an answer, ties included
  std::int64_t answers = 0;  ///< to all of them
  std::int64_t ties = 0;     ///< of these
  std::int64_t votes = 0;    ///< people who answered, added up over pairs: answering a pair again is no second vote
  std::int64_t least_per_pair = 0, most_per_pair = 0;  ///< votes
  double median_per_pair = 0;                          ///< votes; NaN where nothing was judged
  std::int64_t by_two = 0;                             ///< pairs with at least two votes
  /// Pairs on which at least two people have an order, and of these where all have the same. Ties are left out, and
  /// who contradicts himself agrees with nobody.
  std::int64_t ordered_by_two = 0, unanimous = 0;
  /// Of `by_two`: all gave the same answer, where a tie is an answer of its own.
  std::int64_t unanimous_with_ties = 0;
};

/// Cost: O(answers).
[[nodiscard]] VoteCounts count_votes(const PairVotes& votes);

}  // namespace fairsweep
