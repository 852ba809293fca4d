#include "results/report/rerun_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/report/front_report.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

using Verdict = RerunTrial::Verdict;

std::size_t row_of(const RunRecord& record, TrialId trial) {
  const auto place = std::ranges::lower_bound(record.trials, trial, {}, &TrialRecord::id);
  check(place != record.trials.end() && place->id == trial, "a trial that was trained again is in both runs");
  return static_cast<std::size_t>(place - record.trials.begin());
}

std::string ending_of(const TrialRecord& trial) {
  if (trial.state != TrialState::failed || trial.failures.empty()) {
    return std::string(to_text(trial.state));
  }
  return "failed (" + trial.failures.back().reason + ")";
}

/// Without metrics that the version that recorded `before` did not have: nothing can be said of them.
TrialRecord with_metrics_of(TrialRecord now, const TrialRecord& before) {
  std::erase_if(now.metrics, [&before](const MetricValue& value) {
    return std::ranges::find(before.metrics, value.metric, &MetricValue::metric) == before.metrics.end();
  });
  return now;
}

void judge(RerunTrial& trial, const TrialRecord& before, const TrialRecord& now) {
  trial.before = ending_of(before);
  trial.now = ending_of(now);
  if (now.state != TrialState::reported && now.state != TrialState::failed) {
    trial.verdict = Verdict::open;
  } else if (before.state == TrialState::reported && now.state == TrialState::reported) {
    trial.numbers = compare_numbers(before, with_metrics_of(now, before));
    const bool same = trial.numbers.identical() && same_arrays(before, now);
    trial.verdict = same ? Verdict::identical : trial.numbers.within() ? Verdict::within : Verdict::beyond;
  } else {
    trial.verdict = trial.before == trial.now ? Verdict::failed_alike : Verdict::ended_otherwise;
  }
}

bool only_cpu(const RunRecord& record, const std::vector<std::size_t>& rows) {
  return std::ranges::all_of(rows, [&](std::size_t row) {
    return record.trials[row].state != TrialState::reported || record.trials[row].device == "cpu";
  });
}

std::string conclusion(const RerunReport& report) {
  const std::string parts = list_of(parts_that_matter(report.environment));
  const std::size_t all = report.trials.size();
  if (report.count(Verdict::open) > 0) {
    return fmt::format("{} of {} trials are not trained again yet.", report.count(Verdict::open), all);
  }
  if (report.identical()) {
    return fmt::format("The same: {} of {} trials agree to the last bit{}.", all, all,
                       parts.empty() ? "" : ", though they were trained with other " + parts);
  }
  const std::size_t wrong = report.count(Verdict::beyond) + report.count(Verdict::ended_otherwise);
  if (wrong > 0) {
    return fmt::format("Not the same: {} of {} trials do not agree within the tolerance; what differs: {}.", wrong, all,
                       parts.empty() ? "nothing that is recorded, so please report it" : parts);
  }
  if (parts.empty() && report.on_cpu) {
    return fmt::format(
        "Not the same: {} of {} trials differ in late digits, though versions, kernel set, threads and "
        "device are the same; please report it.",
        report.count(Verdict::within), all);
  }
  return fmt::format(
      "Within the tolerance: {} of {} trials differ in late digits, the others not at all; what differs: "
      "{}.",
      report.count(Verdict::within), all, parts.empty() ? "the order in which a device adds up" : parts);
}

}  // namespace

std::string_view name_of(RerunTrial::Verdict verdict) {
  switch (verdict) {
    case Verdict::identical:
      return "identical";
    case Verdict::within:
      return "within tolerance";
    case Verdict::beyond:
      return "beyond tolerance";
    case Verdict::failed_alike:
      return "failed alike";
    case Verdict::ended_otherwise:
      return "ended otherwise";
    case Verdict::open:
      return "open";
  }
  throw InternalError("this is a bug, please report it: a verdict without a name");
}

std::size_t RerunReport::count(RerunTrial::Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(trials, verdict, &RerunTrial::verdict));
}

bool RerunReport::identical() const {
  return count(Verdict::identical) + count(Verdict::failed_alike) == trials.size();
}

bool RerunReport::reproduced() const {
  const bool may_round = !on_cpu || !parts_that_matter(environment).empty();
  return identical() ||
         (may_round &&
          count(Verdict::identical) + count(Verdict::failed_alike) + count(Verdict::within) == trials.size());
}

RerunReport compare_rerun(const RunRecord& before, const RunRecord& now, const std::vector<TrialId>& trials) {
  RerunReport report;
  std::vector<std::size_t> rows_before, rows_now;
  rows_before.reserve(trials.size());
  rows_now.reserve(trials.size());
  for (const TrialId id : trials) {
    rows_before.push_back(row_of(before, id));
    rows_now.push_back(row_of(now, id));
    const TrialRecord& recorded = before.trials[rows_before.back()];
    RerunTrial trial;
    trial.trial = id;
    trial.configuration = recorded.configuration;
    trial.replicate = recorded.replicate;
    judge(trial, recorded, now.trials[rows_now.back()]);
    report.trials.push_back(std::move(trial));
  }
  report.environment = environment_differences(
      {facts_of(environments_of(before), rows_before), facts_of(environments_of(now), rows_now)});
  report.on_cpu = only_cpu(before, rows_before) && only_cpu(now, rows_now);
  return report;
}

std::string rerun_text(const RerunReport& report) {
  TextTable table;
  for (const char* name : {"trial", "configuration", "replicate"}) {
    table.add_column(name, Align::right);
  }
  table.add_column("trained again");
  table.add_column("largest difference");
  for (const RerunTrial& trial : report.trials) {
    const bool ended = trial.verdict == Verdict::failed_alike || trial.verdict == Verdict::ended_otherwise;
    table.add_row({std::to_string(trial.trial.value), std::to_string(trial.configuration.value),
                   std::to_string(trial.replicate), std::string(name_of(trial.verdict)),
                   ended                               ? trial.before + ", now " + trial.now
                   : trial.numbers.differences.empty() ? ""
                                                       : difference_text(trial.numbers.differences.front())});
  }
  const std::string environment = environment_table(report.environment, {"recorded", "now"}, false);
  const std::size_t all = report.trials.size(), trained = all - report.count(Verdict::open);
  return printable(fmt::format("{}: {}{} trial{} trained again in {}", report.results,
                               trained < all ? fmt::format("{} of ", trained) : "", all, all == 1 ? "" : "s",
                               report.run)) +
         "\n\n" + table.text() + (environment.empty() ? "" : "\nWhat they were trained on\n" + environment) + "\n" +
         conclusion(report) + "\n";
}

nlohmann::json rerun_json(const RerunReport& report) {
  nlohmann::json answer = {{"results", printable(report.results)},
                           {"run", printable(report.run)},
                           {"identical", report.identical()},
                           {"reproduced", report.reproduced()},
                           {"conclusion", conclusion(report)},
                           {"differing", nlohmann::json::array()},
                           {"environment_differences", nlohmann::json::array()},
                           {"trials", nlohmann::json::array()}};
  for (const EnvironmentPart part : parts_that_matter(report.environment)) {
    answer["differing"].push_back(std::string(name_of(part)));
  }
  for (const EnvironmentDifference& each : report.environment) {
    answer["environment_differences"].push_back({{"part", std::string(name_of(each.part))},
                                                 {"fact", printable(each.fact)},
                                                 {"recorded", printable(each.values[0])},
                                                 {"now", printable(each.values[1])}});
  }
  for (const RerunTrial& trial : report.trials) {
    nlohmann::json differences = nlohmann::json::array();
    for (const NumberDifference& each : trial.numbers.differences) {
      differences.push_back({{"metric", each.metric},
                             {"split", std::string(to_text(each.split))},
                             {"group", each.group},
                             {"recorded", number_json(each.first)},
                             {"now", number_json(each.second)},
                             {"beyond_tolerance", each.beyond}});
    }
    answer["trials"].push_back({{"trial", trial.trial.value},
                                {"configuration", trial.configuration.value},
                                {"replicate", trial.replicate},
                                {"verdict", std::string(name_of(trial.verdict))},
                                {"recorded", trial.before},
                                {"now", trial.now},
                                {"differences", std::move(differences)}});
  }
  return answer;
}

}  // namespace fairsweep::report
