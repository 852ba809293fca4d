#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Options of the methods that find hidden types of people.
void add_types_options(std::vector<Field>& schema);

}  // namespace fairsweep
