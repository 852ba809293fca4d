#pragma once

#include <spdlog/logger.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/job_end.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "results/report/run_summary.hpp"

namespace fairsweep::apps {

/// What the command line says about any run of trials.
struct RunOptions {
  std::string out;
  std::vector<std::string> assignments;
  std::string deadline;
  int workers = 0;  ///< 0: as many as this machine serves
  bool resume = false;
  bool quiet = false;
  bool json = false;
};

/// @param place  where the run directory is when nothing is said
void add_run_options(CLI::App& command, RunOptions& options, const std::string& place);

/// A run of trials: alone with workers as threads, or as the ranks of mpirun or srun.
struct RunRequest {
  RunOptions options;
  /// What is to be run; asked for where the coordinator is, once, and not with the other ranks.
  std::function<SweepPlan(spdlog::logger&)> plan;
  /// What is printed of a run with reports at its end; the front where this is empty.
  std::function<std::string(const report::RunSummary&)> text;
  /// Adds to what --json prints; may be empty.
  std::function<void(nlohmann::json&, const report::RunSummary&)> add_json;
  /// Prints what it came to, whatever that is, and answers the exit code, in place of all that; may be empty.
  std::function<ExitCode(const SweepEnd&, const RunSession&)> conclude = {};
};

/// Runs, or goes on. Answers how it ended. @throws UserError what the user can mend.
[[nodiscard]] ExitCode run_sweep(const RunRequest& request);

/// Takes over when this job ends, where that is known, and says so.
void keep_job_end(SweepPlan& plan, const std::optional<JobEnd>& end, spdlog::logger& logger);

}  // namespace fairsweep::apps
