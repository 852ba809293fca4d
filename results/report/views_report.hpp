#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// One line: the point that the notion of fairness takes and why, or why none. @param fairness  empty: as declared
[[nodiscard]] std::string recommendation_text(const RunSummary& run, std::string_view fairness = {});

/// What the front is to the groups together (worst group, tail, mean, gap, regrets), the recommended point, and who
/// gains and who pays beside the pooled model. @param fairness  empty: as declared
[[nodiscard]] std::string views_text(const RunSummary& run, std::string_view fairness = {});
/// {"metric", "groups", "members", "recommended", "gains"}; null where no metric has an axis for several groups.
[[nodiscard]] nlohmann::json views_json(const RunSummary& run, std::string_view fairness = {});

}  // namespace fairsweep::report
