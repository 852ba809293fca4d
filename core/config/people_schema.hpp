#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends data.groups.* and data.split.*: who is in which group, and which comparisons are for what.
void add_people_options(std::vector<Field>& schema);

}  // namespace fairsweep
