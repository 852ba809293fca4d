#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Makes a person of every user and combination of labels under which the user answered, and turns the attributes of
/// comparisons into attributes of these persons: "w17" who answered as "same" and as "opposite" becomes "w17 [same]"
/// and "w17 [opposite]". Comparisons without one of the labels stay with "w17", who has no label and is there only
/// where such comparisons are; users without any comparison stay as they are. Persons come in the order of their users,
/// the one without labels first, then by code. Everything that is known of the user holds of the persons.
/// @param names  of comparison attributes of the data, at least one
/// @return [persons] row of the user before. O(users + comparisons).
[[nodiscard]] std::vector<std::int64_t> make_people_of_labels(PreferenceData& data,
                                                              const std::vector<std::string>& names);

}  // namespace fairsweep
