#pragma once

#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"
#include "core/domain/people.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

/// What our trainer will refuse of a sweep on these data.
struct TrainerRefusals {
  std::vector<std::string> every_trial;  ///< a sentence each: no trial can be trained
  std::vector<std::string> some_trials;  ///< those that draw the values named
};

/// The trainer looks at one trial at a time, when it is to be trained; this at all of them before. Nothing where a
/// trainer of the user's own is named, who knows what it can do.
[[nodiscard]] TrainerRefusals trainer_refusals(const SweepConfiguration& sweep, const PreferenceData& data,
                                               const People& people);

}  // namespace fairsweep::apps
