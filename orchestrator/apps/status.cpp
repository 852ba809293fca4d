#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/progress_line.hpp"
#include "orchestrator/apps/run_status.hpp"
#include "results/report/front_report.hpp"
#include "results/store/front.hpp"

namespace fairsweep::apps {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

bool has_front(const RunStatus& status) { return !status.record.objectives.empty() && status.counts.reported > 0; }

nlohmann::json status_json(const RunDirectory& run, const RunStatus& status) {
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
  nlohmann::json answer = {{"run", run.path().string()},
                           {"sweep", status.record.sweep},
                           {"state", status.state},
                           {"trials",
                            {{"wanted", status.wanted},
                             {"reported", status.counts.reported},
                             {"running", status.counts.running},
                             {"pending", status.open()},
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

std::string status_text(const RunDirectory& run, const RunStatus& status) {
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
    text += fmt::format("last event   {} ago{}\n", duration_text(status.age),
                        status.seems_dead() ? "; if its process is gone, go on with fairsweep run ... --resume" : "");
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
      const RunStatus status = read_status(run, now());
      if (options->json) {
        std::cout << status_json(run, status).dump(2) << '\n' << std::flush;
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
