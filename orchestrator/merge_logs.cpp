#include "orchestrator/merge_logs.hpp"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/trial_table.hpp"

namespace fairsweep {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw UserError(ExitCode::configuration, what + "; merge the shards of one sweep, each once");
}

const events::Started& beginning_of(const LogToMerge& run) {
  const auto* started = run.events.empty() ? nullptr : std::get_if<events::Started>(&run.events.front());
  if (started == nullptr) {
    throw UserError(ExitCode::file, run.name + ": its log has no beginning; name runs that were begun");
  }
  return *started;
}

void refuse_another_sweep(const LogToMerge& first, const LogToMerge& other) {
  const events::Started& a = beginning_of(first);
  const events::Started& b = beginning_of(other);
  const auto differ = [&](bool same, const std::string& what) {
    if (!same) {
      refuse(first.name + " and " + other.name + " have different " + what);
    }
  };
  differ(a.sweep == b.sweep, "names of the sweep");
  differ(a.data_digest == b.data_digest, "data");
  differ(a.groups == b.groups, "groups");
  differ(a.people == b.people, "people in the groups");
  differ(a.objectives == b.objectives, "axes of the front");
  differ(a.replicates == b.replicates, "replicates");
}

class Merge {
 public:
  explicit Merge(const std::vector<LogToMerge>& runs) : runs_(runs) {}

  std::vector<Event> run() {
    if (runs_.size() < 2) {
      refuse("there is nothing to merge");
    }
    for (const LogToMerge& each : runs_) {
      refuse_another_sweep(runs_.front(), each);
    }
    begin();
    for (const LogToMerge& each : runs_) {
      add(each);
    }
    if (table_.counts().pending == 0) {
      record(events::Completed{last_time_});
    }
    return std::move(merged_);
  }

 private:
  void record(Event event) {
    (void)table_.apply(event);
    std::visit([this](const auto& each) { last_time_ = std::max(last_time_, each.time); }, event);
    merged_.push_back(std::move(event));
  }

  /// The beginning and every configuration that any of the runs knows.
  void begin() {
    events::Started started = beginning_of(runs_.front());
    started.shard = {};
    std::map<std::uint32_t, std::pair<const events::Suggested*, const LogToMerge*>> suggested;
    for (const LogToMerge& run : runs_) {
      started.configurations = std::max(started.configurations, wanted_by(run));
      for (const Event& event : run.events) {
        const auto* each = std::get_if<events::Suggested>(&event);
        if (each == nullptr) {
          continue;
        }
        const auto [known, fresh] = suggested.try_emplace(each->configuration.id.value, each, &run);
        if (!fresh && known->second.first->configuration != each->configuration) {
          refuse("configuration " + std::to_string(each->configuration.id.value) + " has other settings in " +
                 known->second.second->name + " than in " + run.name);
        }
      }
    }
    record(std::move(started));
    for (const auto& [id, each] : suggested) {
      record(*each.first);
    }
  }

  static std::uint32_t wanted_by(const LogToMerge& run) {
    std::uint32_t wanted = 0;
    for (const Event& event : run.events) {
      if (const auto* started = std::get_if<events::Started>(&event)) {
        wanted = std::max(wanted, started->configurations);
      }
    }
    return wanted;
  }

  void add(const LogToMerge& run) {
    lease_offset_ = table_.next_lease().value - 1;
    worker_offset_ = workers_;
    for (const Event& event : run.events) {
      std::visit([&](const auto& each) { add(run, each); }, event);
    }
    while (!table_.leases().empty()) {  // of a run that was killed
      record(events::LeaseExpired{last_time_, table_.leases().begin()->first, "resumed"});
    }
  }

  // Said for all of them, at the beginning and at the end.
  void add(const LogToMerge&, const events::Suggested&) {}
  void add(const LogToMerge&, const events::Completed&) {}

  template <typename OneEvent>
  void add(const LogToMerge& run, OneEvent event) {
    if constexpr (std::is_same_v<OneEvent, events::Started>) {
      if (&run == &runs_.front() && !event.resumed) {
        return;  // the merged log begins with it
      }
      event.resumed = true;
      event.shard = {};
      event.configurations = table_.started()->configurations;
      event.data_description.clear();
    } else if constexpr (std::is_same_v<OneEvent, events::Assigned>) {
      event.worker = number_on(event.worker);
      for (const TrialId trial : event.trials) {
        const auto [owner, fresh] = owners_.try_emplace(trial.value, &run);
        if (owner->second != &run) {
          refuse("trial " + std::to_string(trial.value) + " was trained in both " + owner->second->name + " and " +
                 run.name);
        }
      }
    } else if constexpr (std::is_same_v<OneEvent, events::TrainerStarted>) {
      event.worker = number_on(event.worker);
    }
    if constexpr (requires { event.lease; }) {
      event.lease.value += lease_offset_;
    }
    record(std::move(event));
  }

  std::uint32_t number_on(std::uint32_t worker) {
    workers_ = std::max(workers_, worker_offset_ + worker);
    return worker_offset_ + worker;
  }

  const std::vector<LogToMerge>& runs_;
  TrialTable table_{TrialRules{beginning_of(runs_.front()).replicates}};
  std::vector<Event> merged_;
  std::map<std::uint32_t, const LogToMerge*> owners_;
  std::uint64_t lease_offset_ = 0;
  std::uint32_t worker_offset_ = 0;
  std::uint32_t workers_ = 0;
  double last_time_ = 0;
};

}  // namespace

std::vector<Event> merge_logs(const std::vector<LogToMerge>& runs) {
  if (runs.empty()) {
    refuse("there is nothing to merge");
  }
  return Merge(runs).run();
}

}  // namespace fairsweep
