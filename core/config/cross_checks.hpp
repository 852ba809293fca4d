#pragma once

#include "core/config/mistakes.hpp"
#include "core/config/options.hpp"

namespace fairsweep {

/// Rules between options: shares that sum to 1, leases longer than heartbeats, a number of configurations. Options that
/// are not there (because they were wrong) are passed over.
void check_together(const Options& options, MistakeList& mistakes);

}  // namespace fairsweep
