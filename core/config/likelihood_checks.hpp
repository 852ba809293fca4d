#pragma once

#include "core/config/mistakes.hpp"
#include "core/config/options.hpp"

namespace fairsweep {

/// Which likelihood goes with which method and with ties. A likelihood and a method that are both searched may meet in
/// a trial, so none of the pairs may be a wrong one.
void check_likelihoods(const Options& options, MistakeList& mistakes);

}  // namespace fairsweep
