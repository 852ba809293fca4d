#pragma once

#include <cstdint>
#include <vector>

#include "workers/data/preference_data.hpp"
#include "workers/trainer/scripted/scripted_model.hpp"

namespace fairsweep {

/// What a model says of every comparison of a data file.
struct DataScores {
  std::vector<float> score;           ///< by entry of comparison_candidate
  std::vector<std::int64_t> unknown;  ///< rows of users that the model does not know, where it matters; ascending
  std::int64_t judged = 0;            ///< comparisons that put candidates in order
  double right = 0;         ///< of them, where the best candidate has the highest score; a tie of scores is half
  double right_people = 0;  ///< share of right ones, the mean over people; NaN where nobody judged anything
};

/// Scores the candidates of all comparisons, ties included. Users that are several people under the model (people_by)
/// are taken apart in `data`, as in training. O(entries x D).
/// @throws UserError (file) where the data lack the features of the model, by name and order.
[[nodiscard]] DataScores score_data(const ScriptedModel& model, PreferenceData& data);

}  // namespace fairsweep
