#include "orchestrator/apps/status_report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "orchestrator/apps/progress_line.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/hypervolume_curve.hpp"
#include "results/report/number_text.hpp"
#include "results/report/scatter.hpp"
#include "results/store/front.hpp"
#include "results/store/run_timeline.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::size_t k_curve_steps = 60;
constexpr std::size_t k_curve_columns = 120;
constexpr std::size_t k_curve_lines = 8;
constexpr std::size_t k_front_rows = 12;

/// Seconds since the epoch, where one can say.
std::optional<double> end_of(const RunStatus& status, double now) {
  return status.seconds_left ? std::optional(now + *status.seconds_left) : std::nullopt;
}

bool has_front(const RunStatus& status) { return !status.record.objectives.empty() && status.counts.reported > 0; }

/// How the hypervolume grew so far, a step for each of the changes of the front, and one for now.
std::vector<report::HypervolumeStep> curve_of(const RunStatus& status, const Front& front) {
  report::RunSummary run;
  run.record.trials = status.record.trials;
  run.record.replicates = status.record.replicates;
  run.front = front;
  std::vector<report::HypervolumeStep> steps =
      report::hypervolume_curve(run, run_timeline(status.record.events), k_curve_steps).steps;
  if (!steps.empty() && status.record.seconds > steps.back().seconds) {
    steps.push_back(steps.back());
    steps.back().seconds = status.record.seconds;
  }
  return steps;
}

/// Between two steps the curve is level.
std::string curve_plot(const std::vector<report::HypervolumeStep>& steps) {
  if (steps.size() < 2) {
    return "";
  }
  std::vector<report::ScatterPoint> points;
  points.reserve(k_curve_columns);
  std::size_t step = 0;
  const double first = steps.front().seconds;  // before it there is no volume, and its zero would flatten the rest
  for (std::size_t i = 0; i < k_curve_columns; ++i) {
    const double seconds =
        first + (steps.back().seconds - first) * static_cast<double>(i) / static_cast<double>(k_curve_columns - 1);
    while (step + 1 < steps.size() && steps[step + 1].seconds <= seconds) {
      ++step;
    }
    points.push_back({seconds, steps[step].hypervolume, 'o'});
  }
  report::ScatterFrame frame;
  frame.x_label = "running time, s";
  frame.y_label = "hypervolume so far";
  frame.height = k_curve_lines;
  return report::scatter(points, frame);
}

std::string failures_text(const RunStatus& status) {
  if (!status.last_failure) {
    return "";
  }
  std::size_t attempts = 0;
  std::string reasons;
  for (const auto& [reason, count] : status.failures) {
    attempts += count;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
  }
  const TrialFailure& last = *status.last_failure;
  return report::printable(fmt::format("failures     {} attempts: {}; the last: trial {} in {}: {}", attempts, reasons,
                                       last.trial.value, last.stage, last.message)) +
         "\n";
}

std::string front_rows(const Front& front, StatusDetail detail) {
  std::string text = fmt::format(
      "front so far {} of {} configurations that compete, hypervolume {:.6g}\n", front.members.size(),
      std::count_if(front.points.begin(), front.points.end(), [](const FrontPoint& p) { return p.competes; }),
      front.hypervolume);
  const std::size_t shown =
      detail == StatusDetail::look ? front.members.size() : std::min(front.members.size(), k_front_rows);
  for (std::size_t row = 0; row < shown; ++row) {
    const FrontPoint& point = front.points[front.members[row]];
    text += fmt::format("  configuration {:<6}", point.configuration.value);
    for (std::size_t i = 0; i < front.objectives.size(); ++i) {
      text += fmt::format("  {} {}", report::printable(front.objectives[i].label()),
                          report::estimate_text(point.validation[i]));
    }
    text += '\n';
  }
  return shown == front.members.size()
             ? text
             : text + fmt::format("  and {} more; fairsweep front shows them all\n", front.members.size() - shown);
}

}  // namespace

nlohmann::json status_json(const RunDirectory& run, const RunStatus& status, double now) {
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
                           {"expected_end", or_null(end_of(status, now))},
                           {"failures", status.failures},
                           {"hypervolume", nullptr},
                           {"hypervolume_curve", nullptr},
                           {"front", nullptr}};
  if (has_front(status)) {
    const Front front = select_front(status.record);
    answer["hypervolume"] = front.hypervolume;
    answer["hypervolume_curve"] = nlohmann::json::array();
    for (const report::HypervolumeStep& step : curve_of(status, front)) {
      answer["hypervolume_curve"].push_back({{"seconds", step.seconds}, {"hypervolume", step.hypervolume}});
    }
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

std::string status_text(const RunDirectory& run, const RunStatus& status, double now, StatusDetail detail) {
  std::string text = fmt::format("{} ({}): {}\n", status.record.sweep, run.path().string(), status.state);
  text += fmt::format("trials       {} of {} reported, {} running, {} failed\n", status.counts.reported, status.wanted,
                      status.counts.running, status.counts.failed);
  text += fmt::format("running time {}", duration_text(status.record.seconds));
  if (status.rate) {
    text += fmt::format(", {:.3g} trials a second", *status.rate);
  }
  if (status.seconds_left) {
    text += fmt::format(", about {} left", duration_text(*status.seconds_left));
    text += fmt::format(", until {:%Y-%m-%d %H:%M:%S}", fmt::localtime(static_cast<std::time_t>(*end_of(status, now))));
  }
  text += '\n';
  if (status.state == "running") {
    text += fmt::format("last event   {} ago{}\n", duration_text(status.age),
                        status.seems_dead() ? "; if its process is gone, go on with fairsweep run ... --resume" : "");
    for (const auto& [rank, line] : status.workers) {
      text += fmt::format("  worker {:<4} {:<20} {} running, {} ended, last sign {} ago\n", rank, line.host,
                          line.running, line.ended, duration_text(std::max(0.0, now - line.last_sign)));
    }
  }
  text += failures_text(status);
  if (has_front(status)) {
    const Front front = select_front(status.record);
    text += front_rows(front, detail);
    if (detail == StatusDetail::watch) {
      text += curve_plot(curve_of(status, front));
    }
  }
  return text;
}

}  // namespace fairsweep::apps
