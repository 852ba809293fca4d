#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Two contexts ask the same where their questions have the same text, where both are wordings of one question, or,
/// where neither has a text of its own, where a candidate of each has the same text. Texts are compared by digest; 0
/// is no text.
///
/// [contexts] the first context that asks the same, directly or through others. O(n log n) for n contexts and
/// candidates.
[[nodiscard]] std::vector<std::int32_t> contexts_that_ask_the_same(const PreferenceData& data);

/// @throws UserError (configuration) where a context with training comparisons and another with validation or test
///         comparisons ask the same: how many, an example and what to set.
void refuse_same_texts(const PreferenceData& data, const std::vector<Split>& split);

/// @throws UserError (configuration) where features were fitted on a context that has validation or test comparisons
///         and no training comparisons.
/// @param by data.split.by, for the message
void refuse_fitted_on_held_out(const PreferenceData& data, const std::vector<Split>& split, const std::string& by);

}  // namespace fairsweep
