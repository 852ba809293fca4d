#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/people_settings.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Groups that the data name.
struct AttributeGroups {
  std::vector<std::string> names;     ///< one label, or "women, 18-30" for a combination
  std::vector<std::int32_t> group;    ///< [users], -1: a label is not known, or the group would be too small
  std::int64_t too_small_groups = 0;  ///< left out by minimum_size, and who was in them
  std::int64_t too_small_users = 0;
};

/// The attributes that the settings name, users' and comparisons' alike.
[[nodiscard]] std::vector<std::string> attributes_of(const GroupSettings& settings);

/// @throws UserError (configuration) where neither the users nor the comparisons have an attribute of that name.
void check_attributes(const PreferenceData& data, const GroupSettings& settings);

/// A group for every label of the attribute, or for every combination of labels that somebody has, in the order of
/// their codes, the first attribute leading. Groups of fewer people than minimum_size are none: their people are
/// trained on and belong to no group. O(users log groups).
/// @throws UserError (configuration) where no group is left.
[[nodiscard]] AttributeGroups groups_by_attributes(const PreferenceData& data, const GroupSettings& settings);

}  // namespace fairsweep
