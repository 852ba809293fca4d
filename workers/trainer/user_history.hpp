#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What users' comparisons say of their taste. The term of a comparison is its best candidate's features minus the mean
/// of the others'; terms are weighted by the comparisons' weights. D features.
struct UserHistory {
  std::vector<float> sum;   ///< [users, D] weighted sum of the terms
  std::vector<float> mean;  ///< [users, D] over the user's weight, 0 where the user has no comparison
};

/// @param features  [candidates, D]
/// @param shown     rows of the comparisons that make the history
/// O(candidates in them x D), added in double.
[[nodiscard]] UserHistory user_history(const PreferenceData& data, std::span<const float> features,
                                       std::span<const std::int64_t> shown);

/// What turns a user's history sum into the history of their other comparisons, for each of m comparisons in `shown`:
///   (sum of the user - sum over j of share[i, j] x features of i's candidate j) x rest[i]
/// Repeats of a comparison put the same candidates to the same user, so their terms are shares of the same candidates
/// and are left out together with it.
struct OwnAnswers {
  std::vector<float> share;  ///< [m, widest] 0 in the padding
  std::vector<float> rest;  ///< [m] one over the weight that is left; 0 where nothing is left, so that the history is 0
};

/// O(candidates in `comparisons`, times the repeats of each).
[[nodiscard]] OwnAnswers own_answers(const PreferenceData& data, std::span<const std::int64_t> comparisons,
                                     std::span<const std::int64_t> shown, std::int64_t widest);

}  // namespace fairsweep
