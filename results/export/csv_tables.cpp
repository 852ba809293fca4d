#include "results/export/csv_tables.hpp"

#include <set>
#include <string>

#include "results/export/csv_table.hpp"
#include "results/report/confidence_text.hpp"

namespace fairsweep::exports {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }
std::string yes_no(bool value) { return value ? "true" : "false"; }
std::string direction_text(const Objective& objective) {
  return objective.direction == Direction::maximise ? "maximise" : "minimise";
}

std::string setting_cell(const Settings& settings, const std::string& path) {
  const auto place = settings.find(path);
  return place == settings.end() ? "" : to_text(place->second);
}

void write_trials(const RunExport& run, std::ostream& out) {
  const RunRecord& record = run.run.record;
  std::vector<std::string> columns = {"trial",    "configuration", "replicate",    "method", "state",
                                      "attempts", "failures",      "last_failure", "epochs", "seconds",
                                      "worker",   "host",          "device"};
  for (const Parameter& parameter : record.space.parameters)
    columns.push_back(parameter.path);
  CsvTable table(out, columns);
  for (const TrialRecord& trial : record.trials) {
    const Configuration& configuration = report::configuration_of(record, trial.configuration);
    std::vector<std::string> cells = {number(trial.id.value),
                                      number(trial.configuration.value),
                                      number(trial.replicate),
                                      report::method_of(run.run, configuration),
                                      std::string(to_text(trial.state)),
                                      number(trial.attempts),
                                      number(trial.failures.size()),
                                      trial.failures.empty() ? "" : trial.failures.back().reason,
                                      number(trial.epochs),
                                      csv_number(trial.seconds),
                                      number(trial.worker),
                                      trial.host,
                                      trial.device};
    for (const Parameter& parameter : record.space.parameters)
      cells.push_back(setting_cell(configuration.values, parameter.path));
    table.add_row(cells);
  }
}

void write_metrics(const RunExport& run, std::ostream& out) {
  CsvTable table(out, {"trial", "configuration", "replicate", "split", "metric", "group", "unit", "value",
                       "standard_error", "people", "comparisons"});
  for (const TrialRecord& trial : run.run.record.trials) {
    for (const MetricValue& metric : trial.metrics) {
      // 0 stands for an error that nobody knows.
      const std::string error = metric.standard_error == 0 ? "" : csv_number(metric.standard_error);
      table.add_row({number(trial.id.value), number(trial.configuration.value), number(trial.replicate),
                     std::string(to_text(metric.split)), metric.metric, metric.group,
                     unit_of(run.run.record, metric.metric), csv_number(metric.value), error, number(metric.users),
                     number(metric.comparisons)});
    }
  }
}

void write_configurations(const RunExport& run, std::ostream& out) {
  std::set<std::string> paths;
  std::vector<Settings> all;
  all.reserve(run.run.front.points.size());
  for (const FrontPoint& point : run.run.front.points) {
    all.push_back(run.run.all_settings(report::configuration_of(run.run.record, point.configuration)));
    for (const auto& [path, value] : all.back())
      paths.insert(path);
  }
  std::vector<std::string> columns = {"configuration", "method",   "replicates", "failed",
                                      "open",          "competes", "on_front",   "probability_non_dominated"};
  columns.insert(columns.end(), paths.begin(), paths.end());
  CsvTable table(out, columns);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const FrontPoint& point = run.run.front.points[i];
    const Configuration& configuration = report::configuration_of(run.run.record, point.configuration);
    std::vector<std::string> cells = {number(point.configuration.value),
                                      report::method_of(run.run, configuration),
                                      number(point.replicates),
                                      number(point.failed),
                                      number(point.open),
                                      yes_no(point.competes),
                                      yes_no(point.on_front),
                                      csv_number(report::probability_of(run.run, i))};
    for (const std::string& path : paths)
      cells.push_back(setting_cell(all[i], path));
    table.add_row(cells);
  }
}

void write_estimates(const RunExport& run, std::ostream& out) {
  CsvTable table(out, {"configuration", "method", "on_front", "split", "metric", "group", "direction", "unit", "mean",
                       "standard_error", "replicates"});
  const Front& front = run.run.front;
  for (const FrontPoint& point : front.points) {
    const std::string method =
        report::method_of(run.run, report::configuration_of(run.run.record, point.configuration));
    for (const auto& [split, estimates] :
         {std::pair("validation", &point.validation), std::pair("test", &point.test)}) {
      for (std::size_t axis = 0; axis < front.objectives.size(); ++axis) {
        const Objective& objective = front.objectives[axis];
        const Estimate& estimate = (*estimates)[axis];
        table.add_row({number(point.configuration.value), method, yes_no(point.on_front), split, objective.metric,
                       objective.group, direction_text(objective), objective.unit, csv_number(estimate.mean),
                       csv_number(estimate.standard_error), number(estimate.replicates)});
      }
    }
  }
}

void write_front(const RunExport& run, std::ostream& out) {
  CsvTable table(out, {"configuration",    "method",
                       "metric",           "group",
                       "direction",        "unit",
                       "test_mean",        "test_standard_error",
                       "replicates",       "probability_non_dominated",
                       "reference_method", "reference_configuration",
                       "difference",       "difference_standard_error",
                       "difference_low",   "difference_high",
                       "people",           "p_value",
                       "p_adjusted",       "verdict"});
  const Front& front = run.run.front;
  for (const std::size_t member : front.members) {
    const FrontPoint& point = front.points[member];
    for (std::size_t axis = 0; axis < front.objectives.size(); ++axis) {
      const Objective& objective = front.objectives[axis];
      std::vector<std::string> cells = {
          number(point.configuration.value),
          report::method_of(run.run, report::configuration_of(run.run.record, point.configuration)),
          objective.metric,
          objective.group,
          direction_text(objective),
          objective.unit,
          csv_number(point.test[axis].mean),
          csv_number(point.test[axis].standard_error),
          number(point.test[axis].replicates),
          csv_number(report::probability_of(run.run, member))};
      const ReferenceDifference* one = run.reference.find(member, axis);
      if (one == nullptr) {
        cells.resize(cells.size() + 10);
      } else {
        const PairedDifference& difference = one->difference;
        for (const std::string& cell :
             {run.reference.method, number(front.points[*run.reference.reference].configuration.value),
              csv_number(difference.mean), csv_number(difference.standard_error), csv_number(difference.low),
              csv_number(difference.high), number(difference.people), csv_number(difference.p_value),
              csv_number(one->adjusted_p),
              std::string(one->verdict > 0   ? "better"
                          : one->verdict < 0 ? "worse"
                                             : "not shown")})
          cells.push_back(cell);
      }
      table.add_row(cells);
    }
  }
}

/// "" for people in no group, or where the file does not say.
std::string group_of(const People& people, std::int64_t person) {
  const auto row = static_cast<std::size_t>(person);
  if (row >= people.group.size() || people.group[row] < 0)
    return "";
  return people.groups[static_cast<std::size_t>(people.group[row])];
}

void write_people(const RunExport& run, std::ostream& out) {
  CsvTable table(out, {"trial", "split", "metric", "unit", "person", "group", "value"});
  for (const PersonResults& people : run.people) {
    for (const auto& [split, values] : {std::pair("validation", &people.validation), std::pair("test", &people.test)}) {
      const std::size_t width = values->people.size();
      for (std::size_t row = 0; row < people.trials.size() && width > 0; ++row) {
        if (!run.people_trials.contains(people.trials[row]))
          continue;
        for (std::size_t column = 0; column < width; ++column) {
          const double value = values->values[row * width + column];
          if (value != value)
            continue;
          const std::int64_t person = values->people[column];
          table.add_row({number(people.trials[row].value), split, people.metric, unit_of(run.run.record, people.metric),
                         std::to_string(person), group_of(people.people, person), csv_number(value)});
        }
      }
    }
  }
}

}  // namespace

std::vector<ExportedFile> csv_files(const RunExport& run) {
  using Writer = void (*)(const RunExport&, std::ostream&);
  std::vector<std::pair<std::string, Writer>> tables = {
      {"trials.csv", write_trials},       {"metrics.csv", write_metrics}, {"configurations.csv", write_configurations},
      {"estimates.csv", write_estimates}, {"front.csv", write_front},
  };
  if (run.options.people != PeopleShown::none)
    tables.emplace_back("people.csv", write_people);
  std::vector<ExportedFile> files;
  files.reserve(tables.size());
  for (const auto& [name, writer] : tables)
    files.push_back({name, [&run, writer](std::ostream& out) { writer(run, out); }});
  return files;
}

}  // namespace fairsweep::exports
