#pragma once

#include <spdlog/logger.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/transport/channel.hpp"
#include "orchestrator/apps/configuration_changes.hpp"
#include "orchestrator/apps/progress_line.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "orchestrator/coordinator.hpp"
#include "orchestrator/run_lease.hpp"
#include "results/log/event_log.hpp"
#include "workers/agent/agent.hpp"

namespace fairsweep::apps {

/// The coordinator's hold on a run directory: its log is open, and everything in it has been lived through.
class RunSession {
 public:
  /// Begins the run, or opens it where `resume` allows that.
  /// @throws UserError (configuration) where a run is there and may not be resumed, or is of another configuration;
  ///         (file) where its data or files are others or damaged; (environment) where it cannot be written.
  RunSession(SweepPlan plan, bool resume, std::shared_ptr<spdlog::logger> logger);

  [[nodiscard]] const SweepPlan& plan() const { return plan_; }
  /// The run was complete before this session, and nothing more is asked of it.
  [[nodiscard]] bool complete() const {
    return table_.completed() && table_.configurations().size() >= plan_.configurations &&
           !table_.reopens(rules_of(plan_.sweep).retries);
  }
  [[nodiscard]] const TrialTable& table() const { return table_; }

  /// Hands out what is left over this channel. @param transport  "threads" or "mpi", for the record
  /// @throws UserError (environment) where the log cannot be written.
  SweepEnd coordinate(Channel& channel, const std::string& transport, ProgressLine::Mode progress);
  /// How a complete run ended, for one that is resumed. Writes its result file again.
  SweepEnd conclude_complete();

 private:
  void open(bool resume);
  /// @param digest_before  of the configuration that is there; empty: there is none
  void open_log(const std::string& digest_before);
  SweepEnd hand_out(Channel& channel, const std::string& transport, ProgressLine::Mode progress);
  void write_results(const std::function<void()>& write);
  void tidy_up(const SweepEnd& end);
  /// Runs `work` and writes into coordinator.json how it ended, whatever happens.
  SweepEnd end_with(const std::function<SweepEnd()>& work);

  SweepPlan plan_;
  std::shared_ptr<spdlog::logger> logger_;
  std::vector<ConfigurationChange> changes_;  ///< against the configuration that was there
  TrialTable table_;
  std::vector<Event> earlier_;  ///< of the log, until the work begins
  std::unique_ptr<SearchStrategy> strategy_;
  std::unique_ptr<RunLease> lease_;
  std::unique_ptr<EventLog> log_;  ///< after the lease, which says whether it may be written
};

/// How a worker's life ended.
struct WorkerEnd {
  AgentEnd agent = AgentEnd::told;
  double patience_seconds = 0;  ///< the coordinator may take this long to end after it
  std::exception_ptr failure;   ///< a UserError that kept the worker from working; it has said goodbye
};

/// A worker's life: asks the coordinator for the setup, runs an agent with the trainer of the sweep, and returns when
/// it is told to. Nothing: the coordinator could not begin.
/// @throws UserError (environment) where the coordinator does not answer at all.
/// @param host_index  number of this worker on its host; decides its device
[[nodiscard]] std::optional<WorkerEnd> run_worker(Channel& channel, std::size_t host_index,
                                                  const std::shared_ptr<spdlog::logger>& logger);

}  // namespace fairsweep::apps
