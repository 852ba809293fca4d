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

constexpr std::size_t k_most_named = 10;

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

std::string environment_text(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  std::vector<std::string> names;
  names.reserve(runs.size());
  for (const RunSummary& run : runs)
    names.push_back(run.name);
  const std::string table = environment_table(comparison.environment, names, true);
  return table.empty() ? "\nThe trials of all runs had the same versions, kernel set, threads, device and place.\n"
                       : "\nWhat the trials ran on\n" + table;
}

/// The trials that do not agree, and how far the others are apart.
std::string numbers_text(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  std::string text;
  for (std::size_t i = 0; i < comparison.agreements.size(); ++i) {
    const TrialAgreement& agreement = comparison.agreements[i];
    const std::string& name = runs[i + 1].name;
    for (std::size_t k = 0; k < std::min(agreement.beyond.size(), k_most_named); ++k) {
      const TrialDifference& each = agreement.beyond[k];
      const std::string other =
          each.first == each.second ? std::string() : fmt::format(" (trial {} there)", each.second.value);
      text += printable(fmt::format("beyond tolerance in {}: trial {}{}, {}", name, each.first.value, other,
                                    difference_text(each.worst))) +
              "\n";
    }
    if (agreement.beyond.size() > k_most_named)
      text += fmt::format("and {} more trials; --json names them all\n", agreement.beyond.size() - k_most_named);
    for (const auto& [metric, largest] : agreement.largest)
      text += printable(fmt::format("largest difference of {} in {}: {:.3g}", metric, name, largest)) + "\n";
  }
  return text;
}

std::string verdict_text(const RunComparison& comparison) {
  const std::vector<std::string> differing = comparison.differing();
  if (!differing.empty())
    return fmt::format("\nWhat differs: {}.\n", fmt::join(differing, ", "));
  const std::size_t trials = comparison.agreements.front().identical;
  return trials == 0 ? "\nNothing differs, and no trial is reported that could.\n"
                     : fmt::format(
                           "\nThe same: settings, data, versions, kernel set, threads and device, and every number "
                           "of {} trials to the last bit.\n",
                           trials);
}

json agreement_json(const RunSummary& run, const TrialAgreement& agreement) {
  json beyond = json::array();
  for (const TrialDifference& each : agreement.beyond) {
    beyond.push_back({{"trial", each.first.value},
                      {"trial_here", each.second.value},
                      {"metric", each.worst.metric},
                      {"split", std::string(to_text(each.worst.split))},
                      {"group", each.worst.group},
                      {"first", number_json(each.worst.first)},
                      {"here", number_json(each.worst.second)}});
  }
  return {{"run", run.name},
          {"identical", agreement.identical},
          {"identical_with_other_arrays", agreement.other_arrays},
          {"different", agreement.different},
          {"within_tolerance", agreement.within},
          {"largest_difference", agreement.largest},
          {"beyond_tolerance", std::move(beyond)},
          {"only_in_first", agreement.only_first},
          {"only_here", agreement.only_second}};
}

}  // namespace

std::string comparison_text(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  std::string text = runs_table(runs, comparison);
  if (comparison.same_objectives)
    text += fronts_table(runs);
  text += differences_table(runs, comparison) + environment_text(runs, comparison) +
          "\nTrials with equal settings, compared with " + printable(runs.front().name) + "\n";
  TextTable table;
  table.add_column("run");
  for (const char* name :
       {"bit-identical", "different", "of these within\ntolerance", "only in the first", "only here"})
    table.add_column(name, Align::right);
  for (std::size_t i = 0; i < comparison.agreements.size(); ++i) {
    const TrialAgreement& agreement = comparison.agreements[i];
    table.add_row({runs[i + 1].name, std::to_string(agreement.identical), std::to_string(agreement.different),
                   std::to_string(agreement.within), std::to_string(agreement.only_first),
                   std::to_string(agreement.only_second)});
  }
  return text + table.text() + numbers_text(runs, comparison) + verdict_text(comparison);
}

json comparison_json(const std::vector<RunSummary>& runs, const RunComparison& comparison) {
  json answer = {{"runs", json::array()},
                 {"same_objectives", comparison.same_objectives},
                 {"same_data", comparison.same_data},
                 {"identical", comparison.identical()},
                 {"reference", comparison.reference.empty() ? json(nullptr) : json(comparison.reference)},
                 {"differing", comparison.differing()},
                 {"configuration_differences", json::array()},
                 {"environment_differences", json::array()},
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
  for (const EnvironmentDifference& each : comparison.environment) {
    json values = json::array();
    for (const std::string& value : each.values)
      values.push_back(value.empty() ? json(nullptr) : json(printable(value)));
    answer["environment_differences"].push_back(
        {{"part", std::string(name_of(each.part))}, {"fact", printable(each.fact)}, {"values", std::move(values)}});
  }
  for (std::size_t i = 0; i < comparison.agreements.size(); ++i) {
    answer["trials"].push_back(agreement_json(runs[i + 1], comparison.agreements[i]));
  }
  return answer;
}

}  // namespace fairsweep::report
