#include "results/store/run_timeline.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "core/protocol/codec.hpp"

namespace fairsweep {
namespace {

double time_of(const Event& event) {
  return std::visit([](const auto& each) { return each.time; }, event);
}

class Walk {
 public:
  void see(const Event& event) {
    if (std::holds_alternative<events::Started>(event)) {
      end_session("session lost");
      timeline_.sessions.push_back({time_of(event), time_of(event), ""});
    }
    if (timeline_.sessions.empty())
      return;  // no log begins like this
    now_ = time_of(event);
    SessionSpan& session = timeline_.sessions.back();
    session.end = std::max(session.end, now_);
    std::visit(*this, event);
  }

  void operator()(const events::Started&) {}
  void operator()(const events::Suggested&) {}
  void operator()(const events::Progressed&) {}
  void operator()(const events::Assigned& event) {
    present(event.worker, event.host);
    open_[event.lease] = {timeline_.leases.size(), event.trials, event.trials.size()};
    timeline_.leases.push_back({event.worker, timeline_.sessions.size() - 1, event.time, event.time, {}});
  }
  void operator()(const events::Reported& event) { end_trial(event.lease, event.report.trial, "reported", true); }
  void operator()(const events::Failed& event) {
    end_trial(event.lease, event.failure.trial, "failed: " + event.failure.reason, false);
  }
  void operator()(const events::LeaseExpired& event) { end_lease(event.lease, "lease: " + event.reason); }
  void operator()(const events::TrainerStarted& event) { present(event.worker, event.host); }
  void operator()(const events::Stopped& event) { timeline_.sessions.back().how = "stopped: " + event.reason; }
  void operator()(const events::Completed&) { timeline_.sessions.back().how = "complete"; }

  RunTimeline finish(std::size_t unread) {
    end_session("under way");
    timeline_.unread = unread;
    return std::move(timeline_);
  }

 private:
  struct OpenLease {
    std::size_t place = 0;        ///< in timeline_.leases
    std::vector<TrialId> trials;  ///< still open
    std::size_t size = 0;         ///< trials it was given with
  };

  void present(std::uint32_t worker, const std::string& host) {
    const auto [place, added] = workers_.try_emplace(worker);
    if (added)
      place->second = {worker, timeline_.sessions.size() - 1, host, now_, now_};
  }

  void add_share(const OpenLease& lease, const std::string& cause, std::size_t trials) {
    LeaseSpan& span = timeline_.leases[lease.place];
    span.shares[cause] += static_cast<double>(trials) / static_cast<double>(lease.size);
    span.end = std::max(span.end, now_);
  }

  void end_trial(LeaseId id, TrialId trial, const std::string& cause, bool reported) {
    timeline_.ends.push_back({now_, trial, reported});
    const auto lease = open_.find(id);
    if (lease == open_.end() || std::erase(lease->second.trials, trial) == 0)
      return;
    add_share(lease->second, cause, 1);
    if (lease->second.trials.empty())
      open_.erase(lease);
  }

  void end_lease(LeaseId id, const std::string& cause) {
    const auto lease = open_.find(id);
    if (lease == open_.end())
      return;
    add_share(lease->second, cause, lease->second.trials.size());
    open_.erase(lease);
  }

  /// What is open when a session ends was not finished in it. @param otherwise  why, where the session does not say
  void end_session(const std::string& otherwise) {
    if (timeline_.sessions.empty())
      return;
    now_ = timeline_.sessions.back().end;
    while (!open_.empty())
      end_lease(open_.begin()->first, timeline_.sessions.back().how.empty() ? otherwise : "session stopped");
    for (auto& [worker, span] : workers_) {
      span.end = now_;
      timeline_.workers.push_back(span);
    }
    workers_.clear();
  }

  RunTimeline timeline_;
  std::map<LeaseId, OpenLease> open_;
  std::map<std::uint32_t, WorkerSpan> workers_;  ///< of the session
  double now_ = 0;
};

}  // namespace

double RunTimeline::running_seconds(double time) const {
  double total = 0;
  for (const SessionSpan& session : sessions)
    total += std::clamp(time, session.begin, session.end) - session.begin;
  return total;
}

RunTimeline run_timeline(const std::vector<std::string>& lines) {
  Walk walk;
  std::size_t unread = 0;
  for (const std::string& line : lines) {
    std::optional<Event> event;
    try {
      event = parse_event(line);
    } catch (const BadMessage&) {
      ++unread;
      continue;
    }
    walk.see(*event);
  }
  return walk.finish(unread);
}

}  // namespace fairsweep
