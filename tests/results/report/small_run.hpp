#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/protocol/codec.hpp"
#include "results/report/run_summary.hpp"

namespace fairsweep::test {

/// One reported trial over the groups "few" and "many".
inline TrialRecord small_trial(std::uint32_t configuration, std::uint32_t replicate, std::uint32_t replicates,
                               double few, double many) {
  TrialRecord trial;
  trial.id.value = configuration * replicates + replicate;
  trial.configuration.value = configuration;
  trial.replicate = replicate;
  trial.state = TrialState::reported;
  for (const Split split : {Split::validation, Split::test}) {
    const double shift = split == Split::test ? -0.5 : 0;
    trial.metrics.push_back({"accuracy", split, "few", few + shift, 0, 1, 1});
    trial.metrics.push_back({"accuracy", split, "many", many + shift, 0, 1, 1});
  }
  return trial;
}

/// A run whose configurations have these validation values, one replicate each, and one setting: uniform in [0, 1].
inline RunRecord small_record(const std::vector<std::pair<double, double>>& values,
                              const std::vector<double>& settings) {
  RunRecord record;
  record.sweep = "small";
  record.groups = {"few", "many"};
  record.objectives = {{"accuracy", "few", Direction::maximise, "share"},
                       {"accuracy", "many", Direction::maximise, "share"}};
  record.space.parameters = {{"x", Uniform{0, 1, false}, std::nullopt}};
  record.replicates = 1;
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    record.configurations.push_back({{i}, {{"x", settings[i]}}});
    record.trials.push_back(small_trial(i, 0, 1, values[i].first, values[i].second));
  }
  return record;
}

inline std::vector<std::string> lines_of(const std::vector<Event>& events) {
  std::vector<std::string> lines;
  lines.reserve(events.size());
  for (const Event& event : events)
    lines.push_back(to_json(event));
  return lines;
}

inline Event started(double time) {
  events::Started event;
  event.time = time;
  return event;
}
inline Event assigned(double time, std::uint64_t lease, std::uint32_t worker, std::vector<TrialId> trials) {
  return events::Assigned{time, {lease}, worker, "host-" + std::to_string(worker), std::move(trials)};
}
inline Event reported_at(double time, std::uint64_t lease, std::uint32_t trial) {
  events::Reported event;
  event.time = time;
  event.lease.value = lease;
  event.report.trial.value = trial;
  return event;
}
inline Event failed_at(double time, std::uint64_t lease, std::uint32_t trial, const std::string& reason) {
  events::Failed event;
  event.time = time;
  event.lease.value = lease;
  event.failure.trial.value = trial;
  event.failure.reason = reason;
  return event;
}

}  // namespace fairsweep::test
