#pragma once

#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"
#include "core/domain/people.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

/// What the data make of the settings and their author hardly means, a sentence each.
[[nodiscard]] std::vector<std::string> advice_on_people(const SweepConfiguration& sweep, const PreferenceData& data,
                                                        const People& people);

}  // namespace fairsweep::apps
