#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "results/report/run_summary.hpp"

namespace fairsweep::report::test {

/// A configuration: its method, and its values on validation by replicate and group. Test values are 0.1 below.
using SmallConfiguration = std::pair<std::string, std::vector<std::vector<double>>>;

/// A complete run with one axis of `objective`'s metric for each group of these people.
inline RunSummary small_run(const std::vector<SmallConfiguration>& configurations, std::vector<std::uint32_t> people,
                            Direction direction = Direction::maximise, const std::string& fairness = "pareto") {
  RunRecord record;
  record.sweep = "small";
  record.configuration_digest = "0123";
  record.declaration["fairness"] = fairness;
  record.complete = true;
  record.wanted_configurations = static_cast<std::uint32_t>(configurations.size());
  record.replicates = static_cast<std::uint32_t>(configurations.front().second.size());
  const std::string metric = direction == Direction::maximise ? "accuracy" : "log_loss";
  for (std::size_t group = 0; group < people.size(); ++group) {
    record.groups.push_back("g" + std::to_string(group));
    record.objectives.push_back({metric, record.groups.back(), direction, ""});
  }
  std::uint32_t id = 0;
  for (std::uint32_t i = 0; i < configurations.size(); ++i) {
    record.configurations.push_back({{i}, {{"method.name", configurations[i].first}}});
    for (std::uint32_t replicate = 0; replicate < configurations[i].second.size(); ++replicate) {
      TrialRecord trial;
      trial.id = {id++};
      trial.configuration = {i};
      trial.replicate = replicate;
      trial.state = TrialState::reported;
      for (std::size_t group = 0; group < people.size(); ++group) {
        const double value = configurations[i].second[replicate][group];
        trial.metrics.push_back({metric, Split::validation, record.groups[group], value, 0, people[group], 0});
        trial.metrics.push_back({metric, Split::test, record.groups[group], value - 0.1, 0, people[group], 0});
      }
      record.trials.push_back(std::move(trial));
    }
  }
  return summarise_run("runs/small", std::move(record), {});
}

}  // namespace fairsweep::report::test
