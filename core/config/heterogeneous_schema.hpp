#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends the options of the methods for people of several types: method.typewise_average.*, joint_likelihood.* and
/// first_order.*.
void add_heterogeneous_options(std::vector<Field>& schema);

}  // namespace fairsweep
