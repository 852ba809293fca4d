#include "results/export/run_export.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep::exports {
namespace {

/// Configurations of the front and of the reference.
std::set<ConfigurationId> shown_configurations(const report::RunSummary& run, const std::string& against) {
  std::set<ConfigurationId> shown;
  for (const std::size_t member : run.front.members)
    shown.insert(run.front.points[member].configuration);
  if (const auto reference = reference_point(run, against))
    shown.insert(run.front.points[*reference].configuration);
  return shown;
}

std::vector<TrialId> trials_of(const report::RunSummary& run, const ExportOptions& options) {
  const std::set<ConfigurationId> shown = shown_configurations(run, options.against);
  std::vector<TrialId> trials;
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.state == TrialState::reported &&
        (options.people == PeopleShown::every || shown.contains(trial.configuration)))
      trials.push_back(trial.id);
  }
  return trials;
}

void require_method(const report::RunSummary& run, const std::string& method) {
  if (method == ExportOptions().against || reference_point(run, method))
    return;
  std::vector<std::string> methods;
  std::string list;
  for (const std::size_t point : report::best_of_methods(run)) {
    methods.push_back(
        report::method_of(run, report::configuration_of(run.record, run.front.points[point].configuration)));
    list += (list.empty() ? "" : ", ") + methods.back();
  }
  throw UserError(ExitCode::configuration, "--against: no configuration of the method \"" + method +
                                               "\" competes in this sweep" + did_you_mean(method, methods) +
                                               (list.empty() ? "" : "; there are: " + list));
}

}  // namespace

RunExport gather_export(const std::filesystem::path& result_file, report::RunSummary run, ExportOptions options) {
  require_method(run, options.against);
  if (options.confidence)
    run.confidence = report::front_confidence(run.record, run.front);
  const std::vector<TrialId> trials = trials_of(run, options);
  std::vector<PersonResults> people;
  people.push_back(read_person_results(result_file, "", trials));
  const std::vector<std::string> metrics = people.front().metrics;
  for (std::size_t i = 1; i < metrics.size(); ++i)
    people.push_back(read_person_results(result_file, metrics[i], trials));
  ReferenceComparison reference = compare_with_method(run, people, options.against);
  RunTimeline timeline = run_timeline(run.record.events);
  std::set<TrialId> shown;
  if (options.people != PeopleShown::none)
    shown.insert(trials.begin(), trials.end());
  return {std::move(options), result_file,      std::move(run),      std::move(timeline),
          std::move(people),  std::move(shown), std::move(reference)};
}

TrialCounts count_trials(const RunRecord& record) {
  const auto in_state = [&record](std::initializer_list<TrialState> states) {
    return static_cast<std::size_t>(std::ranges::count_if(record.trials, [&states](const TrialRecord& trial) {
      return std::ranges::find(states, trial.state) != states.end();
    }));
  };
  const std::size_t elsewhere = in_state({TrialState::elsewhere});
  const std::size_t wanted = std::size_t{record.wanted_configurations} * record.replicates;
  return {in_state({TrialState::reported, TrialState::failed}), std::max(wanted, record.trials.size()) - elsewhere};
}

std::string option_of(const RunExport& run, const std::string& path) {
  const auto place = run.options.resolved.find(path);
  return place == run.options.resolved.end() ? "not known" : place->second;
}

std::string unit_of(const RunRecord& record, const std::string& metric) {
  const auto place = std::ranges::find(record.objectives, metric, &Objective::metric);
  return place == record.objectives.end() ? "" : place->unit;
}

}  // namespace fairsweep::exports
