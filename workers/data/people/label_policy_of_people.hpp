#pragma once

#include "core/domain/people.hpp"
#include "core/domain/people_settings.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Carries out data.labels on the training comparisons: those of people left out become `unused`, the others' factors
/// and probabilities go into `people`. `people.how` says how many people and comparisons each group had before and
/// has after: a policy that empties a group must be seen to do so.
/// @throws UserError (configuration) as decide_labels(). Cost: as consistency_of().
void apply_labels(const PreferenceData& data, const LabelSettings& settings, People& people);

}  // namespace fairsweep
