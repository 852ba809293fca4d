#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Whether hidden types of people can be told apart at all from these answers.
///
/// m answers a person show only the first m mixed moments of the types' choice probabilities, however many people
/// there are. One answer: two opposed types look like one that does not care. Two answers give second moments, which
/// is enough for how far people differ, not for who they are.
struct Identifiability {
  double median_votes = 0;      ///< comparisons a person that say an order, over people with comparisons; 0: only ties
  bool pairs_only = false;      ///< no comparison orders more than two candidates
  std::int64_t most_types = 0;  ///< the largest K with 2 K - 1 <= median_votes: a rule of thumb of this project
  struct Warning {
    std::string code;  ///< "few_votes", "pairs_only"
    std::string sentence;
  };
  std::vector<Warning> warnings;
};

/// Cost: O(comparisons). Source: Chidambaram et al., arXiv 2510.15716 (binary comparisons); the rule of thumb is ours.
[[nodiscard]] Identifiability identifiability_of(const PreferenceData& data);

}  // namespace fairsweep
