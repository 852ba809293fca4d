#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/report/fairness_summary.hpp"

namespace fairsweep::report {

/// What `fairsweep fairness` prints: one line a configuration, then, for a single trial or where asked for, every index
/// with its interval and noise floor, the groups, and the curve over the preference support rate.
[[nodiscard]] std::string fairness_text(const FairnessSummary& summary, bool every_index);
/// The same for programs, everything in it. Numbers keep all their digits; what there is not is null.
[[nodiscard]] nlohmann::json fairness_json(const FairnessSummary& summary);

}  // namespace fairsweep::report
