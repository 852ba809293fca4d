#pragma once

#include <spdlog/logger.h>

#include <functional>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "orchestrator/apps/sweep_plan.hpp"

namespace fairsweep::apps {

/// A run that a command asks for.
struct RunJob {
  /// What is to be run; called where the coordinator is. @throws UserError, which is what the command answers then.
  std::function<SweepPlan(spdlog::logger& logger)> plan;
  /// Says what it came to; called where the coordinator was, once the run directory holds everything. Returns the
  /// command's exit code.
  std::function<ExitCode(const SweepEnd& end, const RunSession& session)> conclude;
  int workers = 0;  ///< 0: as many as this machine serves
  bool resume = false;
  bool quiet = false;  ///< no progress, warnings only
};

/// Begins a run or goes on with one and sees it to its end: with workers as threads of this process, or, under mpirun
/// or srun, as rank 0 or as a worker. A run that is complete already only gets its result file again.
/// @returns the exit code of this rank. @throws UserError where there are no ranks
[[nodiscard]] ExitCode run_job(const RunJob& job);

}  // namespace fairsweep::apps
