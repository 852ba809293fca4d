#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "orchestrator/apps/run_status.hpp"

namespace fairsweep::apps {

/// How much is shown: a look, or what fills a terminal while one watches.
enum class StatusDetail { look, watch };

/// Progress, expected end, workers, failures, front and hypervolume, for people. @param now  seconds since the epoch
[[nodiscard]] std::string status_text(const RunDirectory& run, const RunStatus& status, double now,
                                      StatusDetail detail);

/// The same for programs, with the whole front. @param now  seconds since the epoch
[[nodiscard]] nlohmann::json status_json(const RunDirectory& run, const RunStatus& status, double now);

}  // namespace fairsweep::apps
