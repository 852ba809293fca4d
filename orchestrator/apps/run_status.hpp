#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/run_directory.hpp"
#include "orchestrator/trial_table.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::apps {

/// A worker of the last session, as the log knows it.
struct WorkerLine {
  std::string host;
  double last_sign = 0;  ///< time of the last event it caused
  std::size_t running = 0;
  std::size_t ended = 0;
};

/// How far a run is.
struct RunStatus {
  RunRecord record;
  TrialTable::Counts counts;  ///< of trials whose configuration has been suggested
  std::size_t wanted = 0;     ///< trials in all
  std::string state;          ///< "not begun", "running", "stopped", "complete"
  std::map<std::uint32_t, WorkerLine> workers;
  double age = 0;              ///< seconds since the last event
  double silence = 0;          ///< an age that makes one ask whether the run was killed
  std::optional<double> rate;  ///< trials a second in the last session
  std::optional<double> seconds_left;
  std::map<std::string, std::size_t> failures;  ///< reason -> attempts that failed so, the repeated ones included
  std::optional<TrialFailure> last_failure;
  [[nodiscard]] std::size_t open() const { return wanted - counts.reported - counts.running - counts.failed; }
  [[nodiscard]] bool seems_dead() const { return state == "running" && age > silence; }
};

/// Reads the configuration and the log, while another process writes or not. @param now  seconds since the epoch
/// @throws UserError (file) where `run` is no run directory, or one of its files is damaged.
[[nodiscard]] RunStatus read_status(const RunDirectory& run, double now);

}  // namespace fairsweep::apps
