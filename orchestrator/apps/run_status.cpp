#include "orchestrator/apps/run_status.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <variant>
#include <vector>

#include "results/log/event_log.hpp"

namespace fairsweep::apps {
namespace {

/// Walks the log once for what the record does not keep: who did what when.
class Walk {
 public:
  explicit Walk(RunStatus& status) : status_(status) {}

  void operator()(const events::Started& event) {
    begin_ = event.time;
    ended_ = 0;
    status_.workers.clear();
    worker_of_.clear();
    status_.state = "running";
    see(event.time);
  }
  void operator()(const events::Suggested& event) { see(event.time); }
  void operator()(const events::Assigned& event) {
    WorkerLine& line = status_.workers[event.worker];
    line.host = event.host;
    worker_of_[event.lease] = event.worker;
    heard(event.lease, event.time);
  }
  void operator()(const events::Progressed& event) { heard(event.lease, event.time); }
  void operator()(const events::Reported& event) { end(event.lease, event.time); }
  void operator()(const events::Failed& event) {
    end(event.lease, event.time);
    ++status_.failures[event.failure.reason];
    status_.last_failure = event.failure;
  }
  void operator()(const events::LeaseExpired& event) { see(event.time); }
  void operator()(const events::TrainerStarted& event) {
    see(event.time);
    status_.workers[event.worker].host = event.host;
    status_.workers[event.worker].last_sign = event.time;
  }
  void operator()(const events::Stopped& event) {
    status_.state = "stopped";
    see(event.time);
  }
  void operator()(const events::Completed& event) {
    status_.state = "complete";
    see(event.time);
  }

  void conclude(double time) {
    status_.age = std::max(0.0, time - last_);
    const bool goes_on = status_.state == "running" && !status_.seems_dead();
    const double until = goes_on ? time : last_;
    if (ended_ > 0 && until > begin_) {
      status_.rate = static_cast<double>(ended_) / (until - begin_);
      const std::size_t done = status_.counts.reported + status_.counts.failed;
      if (goes_on && status_.wanted > done) {
        status_.seconds_left = static_cast<double>(status_.wanted - done) / *status_.rate;
      }
    }
  }

 private:
  void see(double time) { last_ = std::max(last_, time); }
  void heard(LeaseId lease, double time) {
    see(time);
    const auto worker = worker_of_.find(lease);
    if (worker != worker_of_.end()) {
      status_.workers[worker->second].last_sign = time;
    }
  }
  void end(LeaseId lease, double time) {
    heard(lease, time);
    ++ended_;
    const auto worker = worker_of_.find(lease);
    if (worker != worker_of_.end()) {
      ++status_.workers[worker->second].ended;
    }
  }

  RunStatus& status_;
  std::map<LeaseId, std::uint32_t> worker_of_;
  double begin_ = 0;
  double last_ = 0;
  std::size_t ended_ = 0;
};

}  // namespace

RunStatus read_status(const RunDirectory& run, double now) {
  const SweepConfiguration sweep = read_resolved_sweep(run);
  std::error_code ignored;
  const std::vector<Event> events =
      std::filesystem::exists(run.events(), ignored) ? read_event_log(run.events()).events : std::vector<Event>{};
  RunStatus status;
  status.record = make_run_record(events, sweep, run.events().string());
  status.wanted = static_cast<std::size_t>(status.record.wanted_configurations) * status.record.replicates;
  status.state = "not begun";
  status.silence = std::max(60.0, 2 * sweep.resources.lease_seconds);
  for (const TrialRecord& trial : status.record.trials) {
    switch (trial.state) {
      case TrialState::pending:
        ++status.counts.pending;
        break;
      case TrialState::running:
        ++status.counts.running;
        break;
      case TrialState::reported:
        ++status.counts.reported;
        break;
      case TrialState::failed:
        ++status.counts.failed;
        break;
      case TrialState::elsewhere:
        ++status.counts.elsewhere;
        break;
    }
  }
  if (const auto* started = events.empty() ? nullptr : std::get_if<events::Started>(&events.front())) {
    status.wanted = started->shard.size(status.wanted);
  }
  Walk walk(status);
  for (const Event& event : events) {
    std::visit(walk, event);
  }
  for (const TrialRecord& trial : status.record.trials) {
    if (trial.state == TrialState::running) {
      ++status.workers[trial.worker].running;
    }
  }
  walk.conclude(now);
  return status;
}

}  // namespace fairsweep::apps
