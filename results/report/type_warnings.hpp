#pragma once

#include <string>
#include <vector>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// Why the data of a run cannot show the hidden types that its trials ask for (warnings_on_types()), by the description
/// of the data that the run keeps. None for runs from before there was one. O(configurations).
[[nodiscard]] std::vector<std::string> type_warnings(const RunSummary& run);

}  // namespace fairsweep::report
