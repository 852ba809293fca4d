#pragma once

#include "workers/data/preference_data.hpp"
#include "workers/data/problem_list.hpp"

namespace fairsweep {

/// The rules of links between people: who is linked is there, nobody to himself, no link twice, weights above 0.
/// O(links log links).
void check_links(const PreferenceData& data, Problems& problems);

}  // namespace fairsweep
