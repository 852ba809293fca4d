#pragma once

#include <string>
#include <vector>

#include "core/domain/people.hpp"
#include "core/domain/people_settings.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

// What can be wrong with groups and splits, found before hours of training; each throws UserError (configuration).

/// Settings may come from a message and then name ways that there are not.
void check_known_ways(const GroupSettings& settings);

/// Every group wanted is one of those found.
void check_wanted(const std::vector<std::string>& wanted, const PreferenceData& data, const GroupSettings& settings,
                  const People& people);

/// Every group has comparisons in this part.
void require_groups_have(const PreferenceData& data, const People& people, Split part);

/// Somebody with comparisons in this part has a group. Groups that are found in what people did leave out those of whom
/// nothing may be read: with a split by user, everybody held out.
void require_groups_cover(const PreferenceData& data, const GroupSettings& settings, const People& people, Split part);

/// The test part tells every group's accuracy as well as data.groups.precision asks.
void require_precise_groups(const PreferenceData& data, const GroupSettings& settings, const People& people);

}  // namespace fairsweep
