#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// `fairsweep show RUN`: what was asked, what was declared, how far it is, where it ran.
[[nodiscard]] std::string overview_text(const RunSummary& run);
[[nodiscard]] nlohmann::json overview_json(const RunSummary& run);

/// `fairsweep show RUN --trial N`: every setting, metric, failure and artefact of one trial.
[[nodiscard]] std::string trial_text(const RunSummary& run, const TrialRecord& trial);
[[nodiscard]] nlohmann::json trial_json(const RunSummary& run, const TrialRecord& trial);

/// `fairsweep show RUN --configuration N`: every setting, the means over replicates, and the replicates.
[[nodiscard]] std::string configuration_text(const RunSummary& run, const Configuration& configuration);
[[nodiscard]] nlohmann::json configuration_json(const RunSummary& run, const Configuration& configuration);

}  // namespace fairsweep::report
