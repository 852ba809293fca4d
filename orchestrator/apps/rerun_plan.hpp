#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "results/report/run_summary.hpp"

namespace fairsweep::apps {

/// What of a run is to be trained again.
struct RerunRequest {
  std::string results;  ///< a run directory or a results.h5
  std::optional<std::uint32_t> trial;
  std::optional<std::uint32_t> configuration;
  bool front = false;
  std::string data;                      ///< where the data are now; empty: where they were
  std::vector<std::string> assignments;  ///< --set; resources only
  std::filesystem::path out;
};

/// The trials that are asked for, ascending: those of them that were reported or failed for good.
/// @throws UserError (configuration) where there is no such trial or configuration, where not exactly one of the three
///         ways to say it is used, or where nothing of it has ended.
[[nodiscard]] std::vector<TrialId> trials_to_rerun(const report::RunSummary& run, const RerunRequest& request);

/// A run of these trials alone, from nothing but the result file and the data it names: its configuration, the settings
/// it records for every configuration, and so the same numbers of trials and the same random streams.
/// @throws UserError (configuration) where --set changes more than resources; (file) where the data are not there or
/// are
///         others (both digests are named), the groups in them are others, or this version cannot read the sweep.
[[nodiscard]] SweepPlan rerun_plan(const RunRecord& record, const std::vector<TrialId>& trials,
                                   const RerunRequest& request);

}  // namespace fairsweep::apps
