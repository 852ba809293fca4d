#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/event.hpp"

namespace fairsweep {

/// Rules of a run that decide what becomes of a trial. The retries are those of the session, see events::Started.
struct TrialRules {
  std::uint32_t replicates = 1;
  std::uint32_t retries = 2;          ///< further tries after a failure that may pass
  std::uint32_t silent_leases = 10;   ///< workers a trial may lose before it is given up: it may be what kills them
  std::uint32_t first_replicate = 0;  ///< number of the first replicate of each configuration
};

/// Everything the log says about one trial.
struct TableTrial {
  enum class State : std::uint8_t { pending, running, reported, failed, elsewhere };

  TrialId id;
  ConfigurationId configuration;
  std::uint32_t replicate = 0;
  State state = State::pending;
  LeaseId lease;                 ///< while running
  std::uint32_t attempts = 0;    ///< times it was handed out
  std::uint32_t counted = 0;     ///< failures that count towards the retries
  std::uint32_t silent = 0;      ///< leases lost to silent workers
  std::uint32_t pack_limit = 0;  ///< its next attempt shares a pack of at most so many trials; 0: of any size
  std::uint32_t worker = 0;      ///< of the last attempt
  std::string host;
  TrialProgress progress;  ///< of the running attempt
  TrialReport report;      ///< where reported
  std::vector<TrialFailure> failures;

  bool operator==(const TableTrial&) const = default;
};

/// The state of a run as a function of its events: no I/O, no clock, no randomness. Replaying a log gives the same
/// table as living through it; resuming a run rests on that.
///
/// A trial is pending, running under one lease, reported, failed for good, or not of this run's shard and never
/// touched. After a failure that may pass it is pending again, at most `retries` times. A failure that struck a whole
/// pack of several trials (a signal, an exit, a bad message, a time-out, too little memory) is not counted: nobody
/// knows yet whose fault it was. The next attempt is alone in its pack; where memory may be the reason (it says so, or
/// SIGKILL did it), in one of half the size. A session that allows more retries than the one before makes trials
/// pending again that failed too often for that one.
class TrialTable {
 public:
  struct Lease {
    std::uint32_t worker = 0;
    std::string host;
    std::vector<TrialId> trials;
    std::size_t open = 0;  ///< trials that have not ended
    bool operator==(const Lease&) const = default;
  };
  struct Counts {
    std::size_t pending = 0, running = 0, reported = 0, failed = 0;
    std::size_t elsewhere = 0;  ///< of other shards
    /// Of this run.
    [[nodiscard]] std::size_t all() const { return pending + running + reported + failed; }
    bool operator==(const Counts&) const = default;
  };

  explicit TrialTable(TrialRules rules);

  /// Moves the state on; returns the trials that became pending. Late reports, failures, progress and expiries of a
  /// lease that is closed change nothing. O(trials of the event).
  /// @throws InternalError on an event that cannot follow: an unknown trial, a lease that was never given, a trial
  /// handed out twice, an end with work left.
  std::vector<TrialId> apply(const Event& event);

  [[nodiscard]] const TrialRules& rules() const { return rules_; }
  [[nodiscard]] const std::vector<Configuration>& configurations() const { return configurations_; }  ///< by id
  [[nodiscard]] const std::vector<TableTrial>& trials() const { return trials_; }                     ///< by id
  [[nodiscard]] const std::map<LeaseId, Lease>& leases() const { return leases_; }                    ///< open ones
  [[nodiscard]] const std::set<TrialId>& pending() const { return pending_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] LeaseId next_lease() const { return next_lease_; }
  /// The first beginning, with the configurations and the configuration's digest of the last.
  [[nodiscard]] const std::optional<events::Started>& started() const { return started_; }
  [[nodiscard]] bool completed() const { return completed_; }
  /// Would a session that allows so many retries try a trial again that has failed for good?
  [[nodiscard]] bool reopens(std::uint32_t retries) const;
  /// Does this worker hold the trial under this lease now?
  [[nodiscard]] bool holds(LeaseId lease, std::uint32_t worker, TrialId trial) const;
  bool operator==(const TrialTable&) const;

 private:
  [[nodiscard]] TableTrial& trial_at(TrialId id);
  /// The trial if it runs under this lease; null where the lease is closed or the trial has ended.
  [[nodiscard]] TableTrial* running_under(LeaseId lease, TrialId id);
  void move_to(TableTrial& trial, TableTrial::State state);
  void leave_lease(TableTrial& trial);
  [[nodiscard]] static bool may_try_again(const TableTrial& trial, std::uint32_t retries);

  std::vector<TrialId> on(const events::Started& event);
  std::vector<TrialId> on(const events::Suggested& event);
  std::vector<TrialId> on(const events::Assigned& event);
  std::vector<TrialId> on(const events::Progressed& event);
  std::vector<TrialId> on(const events::Reported& event);
  std::vector<TrialId> on(const events::Failed& event);
  std::vector<TrialId> on(const events::LeaseExpired& event);
  std::vector<TrialId> on(const events::TrainerStarted& event);
  std::vector<TrialId> on(const events::Stopped& event);
  std::vector<TrialId> on(const events::Completed& event);

  TrialRules rules_;
  std::vector<Configuration> configurations_;
  std::vector<TableTrial> trials_;
  std::map<LeaseId, Lease> leases_;
  std::set<TrialId> pending_;
  Counts counts_;
  LeaseId next_lease_{1};
  std::optional<events::Started> started_;
  bool completed_ = false;
};

/// Did the failure strike the trainer, and with it every trial of its pack?
[[nodiscard]] bool strikes_whole_pack(std::string_view reason);
/// May a smaller pack do what this one could not?
[[nodiscard]] bool may_lack_memory(const TrialFailure& failure);

}  // namespace fairsweep
