#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <variant>
#include <vector>

#include "core/protocol/codec.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/progress_line.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "results/log/event_log.hpp"
#include "results/report/front_report.hpp"
#include "results/store/front.hpp"

namespace fairsweep::apps {
namespace {

/// A worker of the last session, as the log knows it.
struct WorkerLine {
  std::string host;
  double last_sign = 0;  ///< time of the last event it caused
  std::size_t running = 0;
  std::size_t ended = 0;
};

/// What `status` says.
struct Status {
  RunRecord record;
  TrialTable::Counts counts;
  std::size_t wanted = 0;
  std::string state;  ///< complete, stopped, running
  std::map<std::uint32_t, WorkerLine> workers;
  double age = 0;              ///< seconds since the last event
  std::optional<double> rate;  ///< trials a second in the last session
  std::optional<double> seconds_left;
  std::vector<std::string> running;  ///< progress of running trials
};

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

/// Walks the log once for what the record does not keep: who did what when.
class Walk {
 public:
  explicit Walk(Status& status) : status_(status) {}

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
  void operator()(const events::Failed& event) { end(event.lease, event.time); }
  void operator()(const events::LeaseExpired& event) { see(event.time); }
  void operator()(const events::TrainerStarted& event) { see(event.time); }
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
    const double until = status_.state == "running" ? time : last_;
    if (ended_ > 0 && until > begin_) {
      status_.rate = static_cast<double>(ended_) / (until - begin_);
      const std::size_t done = status_.counts.reported + status_.counts.failed;
      if (status_.state == "running" && status_.wanted > done) {
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

  Status& status_;
  std::map<LeaseId, std::uint32_t> worker_of_;
  double begin_ = 0;
  double last_ = 0;
  std::size_t ended_ = 0;
};

Status status_of(const RunDirectory& run) {
  const SweepConfiguration sweep = read_resolved_sweep(run);
  std::error_code ignored;
  const std::vector<Event> events =
      std::filesystem::exists(run.events(), ignored) ? read_event_log(run.events()).events : std::vector<Event>{};
  Status status;
  status.record = make_run_record(events, sweep, run.events().string());
  status.wanted = static_cast<std::size_t>(status.record.wanted_configurations) * status.record.replicates;
  status.state = "not begun";
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
    }
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
  walk.conclude(now());
  return status;
}

bool has_front(const Status& status) { return !status.record.objectives.empty() && status.counts.reported > 0; }

nlohmann::json status_json(const RunDirectory& run, const Status& status) {
  const auto or_null = [](const std::optional<double>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json();
  };
  nlohmann::json workers = nlohmann::json::array();
  for (const auto& [rank, line] : status.workers) {
    workers.push_back({{"worker", rank},
                       {"host", line.host},
                       {"running", line.running},
                       {"ended", line.ended},
                       {"last_sign", line.last_sign}});
  }
  nlohmann::json answer = {
      {"run", run.path().string()},
      {"sweep", status.record.sweep},
      {"state", status.state},
      {"trials",
       {{"wanted", status.wanted},
        {"reported", status.counts.reported},
        {"running", status.counts.running},
        {"pending", status.wanted - status.counts.reported - status.counts.running - status.counts.failed},
        {"failed", status.counts.failed}}},
      {"seconds", status.record.seconds},
      {"seconds_since_last_event", status.age},
      {"trials_per_second", or_null(status.rate)},
      {"seconds_left", or_null(status.seconds_left)},
      {"workers", std::move(workers)},
      {"hypervolume", nullptr},
      {"front", nullptr}};
  if (has_front(status)) {
    const Front front = select_front(status.record);
    answer["hypervolume"] = front.hypervolume;
    answer["front"] = nlohmann::json::array();
    for (const std::size_t member : front.members) {
      const FrontPoint& point = front.points[member];
      nlohmann::json values = nlohmann::json::object();
      for (std::size_t i = 0; i < front.objectives.size(); ++i) {
        values[front.objectives[i].label()] = report::to_json(point.validation[i]);
      }
      answer["front"].push_back({{"configuration", point.configuration.value}, {"validation", std::move(values)}});
    }
  }
  return answer;
}

std::string status_text(const RunDirectory& run, const Status& status) {
  std::string text = fmt::format("{} ({}): {}\n", status.record.sweep, run.path().string(), status.state);
  text += fmt::format("trials       {} of {} reported, {} running, {} failed\n", status.counts.reported, status.wanted,
                      status.counts.running, status.counts.failed);
  text += fmt::format("running time {}", duration_text(status.record.seconds));
  if (status.rate) {
    text += fmt::format(", {:.3g} trials a second", *status.rate);
  }
  if (status.seconds_left) {
    text += fmt::format(", about {} left", duration_text(*status.seconds_left));
  }
  text += '\n';
  if (status.state == "running") {
    text += fmt::format("last event   {} ago\n", duration_text(status.age));
    for (const auto& [rank, line] : status.workers) {
      text += fmt::format("  worker {:<4} {:<20} {} running, {} ended, last sign {} ago\n", rank, line.host,
                          line.running, line.ended, duration_text(std::max(0.0, now() - line.last_sign)));
    }
  }
  if (has_front(status)) {
    const Front front = select_front(status.record);
    text += fmt::format(
        "front so far {} of {} configurations that compete, hypervolume {:.6g}\n", front.members.size(),
        std::count_if(front.points.begin(), front.points.end(), [](const FrontPoint& p) { return p.competes; }),
        front.hypervolume);
    for (const std::size_t member : front.members) {
      const FrontPoint& point = front.points[member];
      text += fmt::format("  configuration {:<6}", point.configuration.value);
      for (std::size_t i = 0; i < front.objectives.size(); ++i) {
        text += fmt::format("  {} {:.4f}", front.objectives[i].label(), point.validation[i].mean);
      }
      text += '\n';
    }
  }
  return text;
}

}  // namespace

void add_status(CLI::App& app, ExitCode&) {
  struct Options {
    std::string run;
    bool json = false;
    bool watch = false;
    double every = 2;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("status", "How far a run is: trials, workers, time left, front so far");
  command->add_option("RUN", options->run, "a run directory")->required();
  CLI::Option* json = command->add_flag("--json", options->json, "for programs");
  CLI::Option* watch =
      command->add_flag("--watch", options->watch, "say it again and again until the run ends")->excludes(json);
  command->add_option("--every", options->every, "seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->needs(watch);
  command->callback([options] {
    const RunDirectory run{options->run};
    while (true) {
      const Status status = status_of(run);
      if (options->json) {
        std::cout << status_json(run, status).dump(2) << std::endl;
      } else {
        std::cout << (options->watch ? "\033[H\033[2J" : "") << status_text(run, status) << std::flush;
      }
      if (!options->watch || status.state == "complete" || status.state == "stopped") {
        return;
      }
      std::this_thread::sleep_for(std::chrono::duration<double>(options->every));
    }
  });
}

}  // namespace fairsweep::apps
