#pragma once

#include <memory>

#include "orchestrator/search/scheduler.hpp"

namespace fairsweep {

/// The scheduler without rungs: every trial runs to its full budget.
[[nodiscard]] std::unique_ptr<Scheduler> make_none();

}  // namespace fairsweep
