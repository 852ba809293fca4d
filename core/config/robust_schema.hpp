#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends the options of the methods that look after the worst-off or the unevenly served: oversampled, group_dro,
/// group_robust, minimax_users, reward_fairness.
void add_robust_options(std::vector<Field>& schema);

}  // namespace fairsweep
