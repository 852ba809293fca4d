#pragma once

#include <spdlog/logger.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/domain/event.hpp"
#include "core/protocol/messages.hpp"
#include "core/transport/channel.hpp"
#include "orchestrator/deadline.hpp"
#include "orchestrator/dispatch.hpp"
#include "orchestrator/durations.hpp"
#include "orchestrator/leases.hpp"
#include "orchestrator/placement.hpp"
#include "orchestrator/search/search_strategy.hpp"
#include "orchestrator/trial_table.hpp"

namespace fairsweep {

/// Where events go: events.log, or memory in tests. See EventLog.
struct EventSink {
  std::function<std::uint64_t(const Event&)> append;  ///< returns the event's number, from 1
  std::function<std::uint64_t()> durable;             ///< number of the last event on the disk
};

struct CoordinatorOptions {
  std::uint32_t configurations = 0;  ///< wanted in all
  double heartbeat_seconds = 1;
  double lease_seconds = 60;
  std::int64_t agents_per_device = 1;              ///< workers that may have one device
  double assembly_seconds = 60;                    ///< after so long, work begins without workers that said nothing
  Deadline deadline;                               ///< on the clock of `monotonic`
  TrainerSetup setup;                              ///< what agents are told when they ask for it
  std::function<double()> monotonic;               ///< seconds, never goes back; decides leases and the deadline
  std::function<double()> time;                    ///< seconds since the epoch; only written into events
  std::function<bool()> stop_requested;            ///< asked every turn
  std::function<void(const TrialTable&)> on_turn;  ///< every turn, at most ten times a second
  std::shared_ptr<spdlog::logger> logger;
};

/// Sends every agent home with an empty message, in place of the answer it waits for: rank 0 cannot begin, or go on.
void dismiss_agents(Channel& channel);

/// How a session of a sweep ended.
struct SweepEnd {
  enum class Kind { complete, incomplete, stopped, unable };
  Kind kind = Kind::complete;
  ExitCode code = ExitCode::done;
  std::string message;        ///< one sentence; empty where everything is done
  bool workers_lost = false;  ///< some worker fell silent and never said goodbye
};

/// Rank 0: hands out leases, takes reports, and says when it is over. One thread, one loop over a Channel; it answers
/// only who asks and never waits for the disk or for a worker. Every decision is an event that goes through
/// TrialTable::apply and then into the log.
class Coordinator {
 public:
  /// `table`, `dispatch`, `strategy` and `durations` have seen every event of the log so far (see resume.hpp).
  Coordinator(Channel& channel, EventSink sink, TrialTable& table, Dispatch& dispatch, SearchStrategy& strategy,
              Durations& durations, CoordinatorOptions options);

  /// Until nothing is left to do or a stop was asked for, and then until every worker has left or is lost.
  /// @throws UserError (environment) where the log cannot be written.
  SweepEnd run();

 private:
  struct Worker {
    double last_heard = 0;
    bool left = false;
    bool dead = false;                                              ///< the channel knows it
    bool unable = false;                                            ///< its trainer cannot work
    bool had_work = false;                                          ///< in this session
    std::map<std::string, std::string> trainer;                     ///< what it said of itself last
    std::deque<std::pair<std::uint64_t, std::uint64_t>> unsettled;  ///< request, last event it caused
    std::uint64_t durable_sequence = 0;
  };

  void record(const Event& event);
  void suggest_what_is_wanted();
  void take(int source, std::span<const std::uint8_t> bytes);
  CoordinatorReply answer(std::uint32_t source, const WorkerRequest& request);
  void take_results(std::uint32_t source, const WorkerRequest& request, std::vector<LeaseId>& stale);
  void take_failure(std::uint32_t source, const WorkerRequest::Failure& failure, std::vector<LeaseId>& stale);
  void give_work(std::uint32_t source, const std::string& host, CoordinatorReply& reply);
  void assemble();
  [[nodiscard]] Dispatch::Allowed allowed_for(const Worker& worker) const;
  [[nodiscard]] bool deadline_ends_it() const;
  void close_lease(LeaseId lease, const std::string& reason);
  void expire_silent_leases();
  void take_leases_of_the_dead();
  void decide_whether_to_end();
  void settle(Worker& worker);
  [[nodiscard]] bool nothing_left() const;
  [[nodiscard]] bool silent(const Worker& worker, double seconds) const;
  [[nodiscard]] bool everybody_is_gone() const;
  SweepEnd conclude();

  Channel& channel_;
  EventSink sink_;
  TrialTable& table_;
  Dispatch& dispatch_;
  SearchStrategy& strategy_;
  Durations& durations_;
  CoordinatorOptions options_;
  Leases leases_;
  std::vector<Worker> workers_;  ///< by rank; rank 0 is the coordinator
  std::uint64_t last_event_ = 0;
  double now_ = 0;
  double expire_after_ = 0;  ///< no lease expires before: the coordinator itself was held up
  double last_turn_report_ = -1;
  double began_ = 0;
  Placement placement_;     ///< of the workers that have said where they are
  bool assembled_ = false;  ///< no trial is handed out before: devices are compared first
  bool ending_ = false;
  std::string stop_reason_;  ///< not empty: ended with work left
  std::string unable_message_;
  ExitCode unable_code_ = ExitCode::environment;
};

}  // namespace fairsweep
