#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends the options of the methods that mix trained models: method.ensemble.*, average.*, min_max_regret.*, soup.*
/// and personal_soup.*.
void add_ensemble_options(std::vector<Field>& schema);

}  // namespace fairsweep
