#pragma once

#include "core/config/options.hpp"
#include "core/config/sweep_configuration.hpp"

namespace fairsweep {

/// The sweep that complete, checked options describe.
[[nodiscard]] SweepConfiguration build_sweep(const Options& options);

}  // namespace fairsweep
