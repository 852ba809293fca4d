#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/domain/event.hpp"
#include "core/transport/channel.hpp"
#include "orchestrator/coordinator.hpp"
#include "workers/agent/agent.hpp"

namespace fairsweep::support {

/// A sweep without files: a coordinator and agents as threads over loopback, no-op trainers, and a log in memory.
struct SweepRig {
  std::uint32_t configurations = 8;
  std::uint32_t replicates = 2;
  std::uint32_t retries = 2;
  std::uint32_t silent_leases = 10;
  std::size_t trials_per_pack = 0;
  int workers = 2;
  double heartbeat_seconds = 0.05;
  double lease_seconds = 20;
  double trial_timeout_seconds = 0;
  double stop_grace_seconds = 20;
  double coordinator_timeout_seconds = 30;
  std::vector<std::string> trainer_arguments;                    ///< of every trainer
  std::map<int, std::vector<std::string>> trainer_arguments_of;  ///< of one rank's
  std::vector<std::string> command;                              ///< instead of the no-op trainer
  double seconds_to_deadline = 0;                                ///< 0: none
  double deadline_reserve = 0.5;
  std::function<bool(const TrialTable&)> stop_when;  ///< asked every turn
  std::function<bool(int rank, const TrialTable&)> agent_leaves_when;
  std::function<std::unique_ptr<Channel>(int rank, std::unique_ptr<Channel>)> wrap;  ///< faults on the way
  std::vector<Event> log;           ///< of earlier sessions, and then of this one too
  std::size_t disk_full_after = 0;  ///< events the log still takes; 0: all
  std::uint64_t durable_lag = 0;    ///< events not yet on the "disk"

  std::map<int, AgentEnd> agent_ends;

  /// One session, to its end.
  SweepEnd run();
  /// The table after `log`.
  [[nodiscard]] TrialTable table() const;
  /// trial -> metrics, of the reported trials.
  [[nodiscard]] std::map<std::uint32_t, std::vector<MetricValue>> results() const;
};

}  // namespace fairsweep::support
