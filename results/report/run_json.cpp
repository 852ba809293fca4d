#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/mixture.hpp"
#include "results/report/run_report.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

json pairs_json(const std::map<std::string, std::string>& pairs) {
  json object = json::object();
  for (const auto& [key, value] : pairs)
    object[printable(key)] = printable(value);
  return object;
}

json metric_json(const MetricValue& metric) {
  return {{"metric", printable(metric.metric)},
          {"group", printable(metric.group)},
          {"split", std::string(to_text(metric.split))},
          {"value", number_json(metric.value)},
          {"standard_error", number_json(metric.standard_error)},
          {"users", metric.users},
          {"comparisons", metric.comparisons}};
}

/// Line by line: a log is a list of lines for whoever reads it.
json lines_json(const std::string& text) {
  json lines = json::array();
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    lines.push_back(printable(text.substr(from, to - from)));
    from = to + 1;
  }
  return lines;
}

json failure_json(const TrialFailure& failure) {
  return {{"stage", printable(failure.stage)},       {"reason", printable(failure.reason)},
          {"message", printable(failure.message)},   {"signal", failure.signal},
          {"exit_code", failure.exit_code},          {"retryable", failure.retryable},
          {"log_tail", lines_json(failure.log_tail)}};
}

}  // namespace

json overview_json(const RunSummary& run) {
  const RunRecord& record = run.record;
  json states = {{"pending", 0}, {"running", 0}, {"reported", 0}, {"failed", 0}, {"elsewhere", 0}};
  for (const TrialRecord& trial : record.trials) {
    json& count = states[std::string(to_text(trial.state))];
    count = count.get<std::size_t>() + 1;
  }
  json objectives = json::array(), parameters = json::array();
  for (const Objective& objective : record.objectives)
    objectives.push_back(to_json(objective));
  for (const Parameter& parameter : record.space.parameters)
    parameters.push_back(parameter.path);
  return {{"run", run.name},
          {"sweep", record.sweep},
          {"complete", record.complete},
          {"configurations", record.configurations.size()},
          {"wanted_configurations", record.wanted_configurations},
          {"replicates", record.replicates},
          {"trials", std::move(states)},
          {"seconds", number_json(record.seconds)},
          {"started", number_json(record.started)},
          {"groups", record.groups},
          {"objectives", std::move(objectives)},
          {"parameters", std::move(parameters)},
          {"front_size", run.front.members.size()},
          {"hypervolume", run.front.members.empty() ? json(nullptr) : number_json(run.front.hypervolume)},
          {"configuration_digest", record.configuration_digest},
          {"data_digest", record.data_digest},
          {"declaration", pairs_json(record.declaration)},
          {"provenance", pairs_json(record.provenance)}};
}

json trial_json(const RunSummary& run, const TrialRecord& trial) {
  json metrics = json::array(), failures = json::array(), artefacts = json::array();
  for (const MetricValue& metric : trial.metrics)
    metrics.push_back(metric_json(metric));
  for (const TrialFailure& failure : trial.failures)
    failures.push_back(failure_json(failure));
  for (const Artefact& artefact : trial.artefacts) {
    artefacts.push_back({{"name", printable(artefact.name)}, {"digest", printable(artefact.digest)}});
  }
  json notes = json::object();
  for (const auto& [name, value] : trial.notes)
    notes[printable(name)] = number_json(value);
  return {{"run", run.name},
          {"trial", trial.id.value},
          {"configuration", trial.configuration.value},
          {"replicate", trial.replicate},
          {"state", std::string(to_text(trial.state))},
          {"attempts", trial.attempts},
          {"epochs", trial.epochs},
          {"seconds", number_json(trial.seconds)},
          {"worker", trial.worker},
          {"host", printable(trial.host)},
          {"device", printable(trial.device)},
          {"settings", to_json(run.all_settings(configuration_of(run.record, trial.configuration)))},
          {"metrics", std::move(metrics)},
          {"failures", std::move(failures)},
          {"artefacts", std::move(artefacts)},
          {"notes", std::move(notes)},
          {"words", pairs_json(trial.words)},
          {"mixture", mixture_json(mixture_of(trial))}};
}

json configuration_json(const RunSummary& run, const Configuration& configuration) {
  json answer = {{"run", run.name},
                 {"configuration", configuration.id.value},
                 {"method", method_of(run, configuration)},
                 {"settings", to_json(run.all_settings(configuration))}};
  for (const FrontPoint& point : run.front.points) {
    if (point.configuration != configuration.id)
      continue;
    json validation = json::array(), test = json::array();
    for (const Estimate& estimate : point.validation)
      validation.push_back(to_json(estimate));
    for (const Estimate& estimate : point.test)
      test.push_back(to_json(estimate));
    answer.update({{"on_front", point.on_front},
                   {"competes", point.competes},
                   {"replicates", point.replicates},
                   {"failed", point.failed},
                   {"open", point.open},
                   {"validation", std::move(validation)},
                   {"test", std::move(test)}});
  }
  json trials = json::array();
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.configuration == configuration.id)
      trials.push_back(trial_json(run, trial));
  }
  answer["trials"] = std::move(trials);
  return answer;
}

}  // namespace fairsweep::report
