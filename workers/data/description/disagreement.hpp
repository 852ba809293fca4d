#pragma once

#include <cstdint>

#include "workers/data/description/pair_votes.hpp"

namespace fairsweep {

/// How often two people who judged the same pair of candidates order it oppositely.
struct Disagreement {
  /// Mean over pairs of people who share at least one pair of candidates, of the share of those they order oppositely;
  /// NaN where nobody shares any.
  double between_people = 0;
  std::int64_t people = 0;        ///< of whom the pairs of people were formed
  std::int64_t people_pairs = 0;  ///< that share something
  bool sampled = false;           ///< these people are a random sample, because all would take too long
  /// The same over all pairs of answers at once, so who shares more counts more; exact, NaN where there are none.
  double pooled = 0;
  std::int64_t answer_pairs = 0;
};

/// How much work the mean over pairs of people may be; beyond it people are sampled.
struct DisagreementBudget {
  std::int64_t sorted = 10'000'000;     ///< pairs of answers, where few pairs of people share much
  std::int64_t counted = 500'000'000;   ///< pairs of answers, where they are counted in a table
  std::int64_t people_in_table = 2000;  ///< the table has one entry for each two of them
};

/// Each person has one voice a pair; who answered it both ways agrees by the product of shares. Ties are left out.
/// The sample is the same for the same data.
/// Cost: O(answers + budget).
[[nodiscard]] Disagreement disagreement_between(const PairVotes& votes, std::int64_t users,
                                                const DisagreementBudget& budget = {});

}  // namespace fairsweep
