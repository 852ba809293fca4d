#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/report/front_report.hpp"
#include "results/report/number_text.hpp"
#include "results/report/run_comparison.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

std::size_t reported(const RunSummary& run) {
  return static_cast<std::size_t>(std::ranges::count(run.record.trials, TrialState::reported, &TrialRecord::state));
}

std::string runs_table(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  TextTable table;
  table.add_column("run");
  table.add_column("sweep");
  table.add_column("configuration\ndigest");
  table.add_column("data\ndigest");
  for (const char* name : {"configurations", "trials\nreported", "front", "hypervolume"})
    table.add_column(name, Align::right);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunRecord& record = runs[i].record;
    const auto volume = comparison.hypervolumes[i];
    table.add_row({runs[i].name, record.sweep, record.configuration_digest.substr(0, 12),
                   record.data_digest.substr(0, 12), std::to_string(record.configurations.size()),
                   std::to_string(reported(runs[i])), std::to_string(runs[i].front.members.size()),
                   volume ? number_text(*volume, 6) : "-"});
  }
  std::string text = table.text();
  if (!comparison.same_objectives)
    return text + "The objectives differ, so the hypervolumes cannot be compared.\n";
  if (comparison.reference.empty())
    return text;
  std::vector<std::string> reference;
  reference.reserve(comparison.reference.size());
  for (const double value : comparison.reference)
    reference.push_back(number_text(value));
  return text +
         fmt::format("Hypervolume on validation with respect to ({}) in all runs.\n", fmt::join(reference, ", "));
}

std::string fronts_table(const std::vector<RunSummary>& runs) {
  TextTable table;
  table.add_column("run");
  table.add_column("configuration", Align::right);
  table.add_column("method");
  for (const Objective& objective : runs.front().front.objectives) {
    table.add_column(objective.label() + "\nvalidation");
    table.add_column("\ntest");
  }
  for (const RunSummary& run : runs) {
    for (const std::size_t member : run.front.members) {
      const FrontPoint& point = run.front.points[member];
      std::vector<std::string> cells = {run.name, std::to_string(point.configuration.value),
                                        method_of(run, configuration_of(run.record, point.configuration))};
      for (std::size_t axis = 0; axis < point.validation.size(); ++axis) {
        cells.push_back(estimate_text(point.validation[axis]));
        cells.push_back(estimate_text(point.test[axis]));
      }
      table.add_row(cells);
    }
  }
  return "\nFronts\n" + table.text();
}

std::string differences_table(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  std::string text = "\n";
  if (!comparison.same_data)
    text += "The data differ.\n";
  if (comparison.configuration.empty())
    return text + "The configurations are the same.\n";
  TextTable table;
  table.add_column("setting");
  for (const RunSummary& run : runs)
    table.add_column(run.name);
  for (const ConfigurationDifference& difference : comparison.configuration) {
    std::vector<std::string> cells = {difference.path};
    for (const std::string& value : difference.texts)
      cells.push_back(value.empty() ? "-" : value);
    table.add_row(cells);
  }
  return text + "Configurations\n" + table.text();
}

json agreement_json(const RunSummary& run, const TrialAgreement& agreement) {
  return {{"run", run.name},
          {"identical", agreement.identical},
          {"different", agreement.different},
          {"only_in_first", agreement.only_first},
          {"only_here", agreement.only_second}};
}

}  // namespace

std::string comparison_text(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  std::string text = runs_table(runs, comparison);
  if (comparison.same_objectives)
    text += fronts_table(runs);
  text += differences_table(runs, comparison) + "\nTrials with equal settings, compared with " +
          printable(runs.front().name) + "\n";
  TextTable table;
  table.add_column("run");
  for (const char* name : {"bit-identical", "different", "only in the first", "only here"})
    table.add_column(name, Align::right);
  for (std::size_t i = 0; i < comparison.agreements.size(); ++i) {
    const TrialAgreement& agreement = comparison.agreements[i];
    table.add_row({runs[i + 1].name, std::to_string(agreement.identical), std::to_string(agreement.different),
                   std::to_string(agreement.only_first), std::to_string(agreement.only_second)});
  }
  return text + table.text();
}

json comparison_json(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  json answer = {{"runs", json::array()},
                 {"same_objectives", comparison.same_objectives},
                 {"same_data", comparison.same_data},
                 {"identical", comparison.identical()},
                 {"reference", comparison.reference.empty() ? json(nullptr) : json(comparison.reference)},
                 {"configuration_differences", json::array()},
                 {"trials", json::array()}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    json one = front_json(runs[i], Shown::front);
    one["configuration_digest"] = runs[i].record.configuration_digest;
    one["data_digest"] = runs[i].record.data_digest;
    one["reported"] = reported(runs[i]);
    one["common_hypervolume"] = comparison.hypervolumes[i] ? number_json(*comparison.hypervolumes[i]) : json(nullptr);
    answer["runs"].push_back(std::move(one));
  }
  for (const ConfigurationDifference& difference : comparison.configuration) {
    json texts = json::array();
    for (const std::string& value : difference.texts)
      texts.push_back(value.empty() ? json(nullptr) : json(printable(value)));
    answer["configuration_differences"].push_back({{"path", printable(difference.path)}, {"values", std::move(texts)}});
  }
  for (std::size_t i = 0; i < comparison.agreements.size(); ++i) {
    answer["trials"].push_back(agreement_json(runs[i + 1], comparison.agreements[i]));
  }
  return answer;
}

}  // namespace fairsweep::report
