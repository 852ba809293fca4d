#pragma once

#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/domain/event.hpp"
#include "orchestrator/trial_table.hpp"

namespace fairsweep::support {

/// Drives a table through a random life that a coordinator could have led: configurations suggested, packs handed out,
/// reports, failures, expiries, late words of lost leases, stops and resumptions. Returns the events.
class RandomSchedule {
 public:
  TrialTable table;  ///< as it is after the events so far

  RandomSchedule(std::uint64_t seed, TrialRules rules, std::uint32_t configurations, Shard shard = {})
      : table(rules), random_(seed), rules_(rules), configurations_(configurations), shard_(shard) {}

  std::vector<Event> run() {
    record(started(false));
    while (!over()) {
      step();
    }
    record(events::Completed{1});
    return events_;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  events::Started started(bool resumed) const {
    events::Started event;
    event.replicates = rules_.replicates;
    event.configurations = configurations_;
    event.resumed = resumed;
    event.shard = shard_;
    return event;
  }

  [[nodiscard]] bool over() const {
    return table.configurations().size() == configurations_ && table.counts().pending == 0 &&
           table.counts().running == 0;
  }

  void record(const Event& event) {
    (void)table.apply(event);
    events_.push_back(event);
  }

  void step() {
    switch (below(12)) {
      case 0:
        if (table.configurations().size() < configurations_) {
          const auto id = static_cast<std::uint32_t>(table.configurations().size());
          record(events::Suggested{1, {{id}, {{"x", static_cast<double>(id)}}}});
        }
        return;
      case 1:
      case 2:
      case 3:
        return assign();
      case 11:
        return below(8) == 0 ? resume() : late_word();
      default:
        return end_something();
    }
  }

  void assign() {
    events::Assigned event{1, table.next_lease(), static_cast<std::uint32_t>(1 + below(3)), "host", {}};
    for (const TrialId id : table.pending()) {
      if (event.trials.size() < 4 && below(2) == 0) {
        event.trials.push_back(id);
      }
    }
    if (!event.trials.empty()) {
      record(event);
    }
  }

  void end_something() {
    if (table.leases().empty()) {
      return;
    }
    auto lease = table.leases().begin();
    std::advance(lease, static_cast<long>(below(table.leases().size())));
    const LeaseId id = lease->first;
    const TrialId trial = lease->second.trials[below(lease->second.trials.size())];
    old_.emplace_back(id, trial);
    static const std::vector<std::string> reasons = {"silent", "returned"};
    switch (below(6)) {
      case 0:
        return record(events::LeaseExpired{1, id, reasons[below(2)]});
      case 1:
        return record(events::Failed{1, id, failure(trial)});
      case 2:
        return record(events::Progressed{1, id, {trial, 1, 2, 0.5}});
      default:
        return record(events::Reported{1, id, report(trial)});
    }
  }

  /// Of a lease that may be closed by now: must change nothing then.
  void late_word() {
    if (old_.empty()) {
      return;
    }
    const auto [lease, trial] = old_[below(old_.size())];
    switch (below(3)) {
      case 0:
        return record(events::Failed{1, lease, failure(trial)});
      case 1:
        return record(events::LeaseExpired{1, lease, "silent"});
      default:
        return record(events::Reported{1, lease, report(trial)});
    }
  }

  void resume() {
    record(events::Stopped{1, "test"});
    record(started(true));
    while (!table.leases().empty()) {
      record(events::LeaseExpired{1, table.leases().begin()->first, "resumed"});
    }
  }

  TrialFailure failure(TrialId trial) {
    static const std::vector<std::string> reasons = {"signal", "exit", "non_finite_loss", "timeout"};
    TrialFailure event;
    event.trial = trial;
    event.reason = reasons[below(4)];
    event.retryable = below(4) != 0;
    return event;
  }

  static TrialReport report(TrialId trial) {
    TrialReport event;
    event.trial = trial;
    event.metrics = {{"accuracy", Split::validation, "", 0.5, 0, 1, 1}};
    return event;
  }

  std::mt19937_64 random_;
  TrialRules rules_;
  std::uint32_t configurations_;
  Shard shard_;
  std::vector<Event> events_;
  std::vector<std::pair<LeaseId, TrialId>> old_;
};

}  // namespace fairsweep::support
