#pragma once

#include <cstddef>
#include <cstdint>

#include "workers/data/description/pair_votes.hpp"

namespace fairsweep {

/// The best accuracy of one model that does not know who asks: on a pair of which a share p prefers one candidate it
/// is right max(p, 1 - p) of the time. What it lacks to 1 only a model that knows the person can gain.
///
/// p is not known, it is estimated from few votes, and that matters: two people who toss coins look unanimous every
/// second time. So there are two numbers, and in expectation the ceiling lies between them.
struct SingleModelCeiling {
  std::int64_t minimum_votes = 0;  ///< only pairs with at least as many people who have an order are looked at
  std::int64_t pairs = 0;          ///< so many
  std::int64_t votes = 0;          ///< people, added up over them
  /// Mean over pairs of max(p, 1 - p) with p the share of the votes: too high where votes are few. NaN: no pairs.
  double plug_in = 0;
  /// Mean over pairs of the accuracy of predicting each vote by the majority of the others (balanced: half right): no
  /// model that knew the majority would do worse, so too low. NaN: no pairs.
  double leave_one_out = 0;
};

/// Ties are left out. With several groups, people of no known group and pairs that only one group judged are left
/// out, too, and each group of a pair has the same weight: p is the mean of the shares of its groups, and so is the
/// accuracy.
/// @param minimum_votes  at least 2
/// Cost: O(answers).
/// Source: Barreto et al., arXiv 2503.17338 (the 51-49 example); the formula is ours.
[[nodiscard]] SingleModelCeiling single_model_ceiling(const PairVotes& votes, const VoteGroups& groups,
                                                      std::size_t group_count, std::int64_t minimum_votes = 2);

}  // namespace fairsweep
