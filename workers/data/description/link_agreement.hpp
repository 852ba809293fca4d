#pragma once

#include <cstdint>

#include "workers/data/description/disagreement.hpp"
#include "workers/data/description/pair_votes.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Who is linked to whom, and whether linked people agree more: the first thing to know before a model borrows.
struct LinkAgreement {
  std::int64_t links = 0;
  std::int64_t people = 0;  ///< who listen to somebody: have a link from them
  bool weighted = false;
  std::int64_t linked_answer_pairs = 0;    ///< pairs of answers of two people linked in either direction, to one pair
  double linked_agreement = 0;             ///< share of them that agree; NaN where there are none
  std::int64_t unlinked_answer_pairs = 0;  ///< the same of people who are not linked
  double unlinked_agreement = 0;
};

/// Each person has one voice a pair, as in disagreement_between(); shares m and w of two people for one candidate agree
/// by m w + (1 - m) (1 - w). Weights are not used.
/// @param all  disagreement_between() of the same votes: what is not linked is the rest of it
/// Cost: O(answers times links a person).
[[nodiscard]] LinkAgreement link_agreement(const UserLinks& links, const PairVotes& votes, std::int64_t users,
                                           const Disagreement& all);

}  // namespace fairsweep
