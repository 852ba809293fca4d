#include <algorithm>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/report/confidence_text.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/number_text.hpp"
#include "results/report/page_data.hpp"
#include "results/report/type_warnings.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

/// Rows of name and value, in order.
json rows_json(const std::map<std::string, std::string>& pairs) {
  json rows = json::array();
  for (const auto& [key, value] : pairs)
    rows.push_back({printable(key), printable(value)});
  return rows;
}

/// Text of several lines, each printable.
std::string printable_lines(const std::string& text) {
  std::string result;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    result += printable(std::string_view(text).substr(from, to - from)) + "\n";
    from = to + 1;
  }
  return result;
}

std::string reference_text(const Front& front) {
  std::string text;
  for (std::size_t axis = 0; axis < front.reference.size(); ++axis)
    text += (axis > 0 ? ", " : "") + number_text(front.reference[axis]) + " for " + front.objectives[axis].label();
  return text.empty() ? "none: no configuration competes" : text;
}

std::string objectives_text(const Front& front) {
  std::string text;
  for (const Objective& objective : front.objectives) {
    text += (text.empty() ? "" : "; ") + objective.label() +
            (objective.direction == Direction::minimise ? " (smaller is better)" : " (larger is better)");
  }
  return text;
}

json splits_json(const People& people) {
  std::map<std::string, std::size_t> counts;
  for (const Split split : people.split)
    ++counts[std::string(to_text(split))];
  json rows = json::array();
  for (const auto& [split, count] : counts)
    rows.push_back({{"split", split}, {"comparisons", count}});
  return rows;
}

json groups_json(const People& people) {
  json rows = json::array();
  for (std::size_t group = 0; group <= people.groups.size(); ++group) {
    std::size_t count = 0, seen = 0;
    for (std::size_t person = 0; person < people.group.size(); ++person) {
      const bool here = group < people.groups.size() ? people.group[person] == static_cast<std::int64_t>(group)
                                                     : people.group[person] < 0;
      count += here ? 1 : 0;
      seen += here && people.in_training[person] != 0 ? 1 : 0;
    }
    if (group < people.groups.size() || count > 0) {
      rows.push_back({{"group", group < people.groups.size() ? printable(people.groups[group]) : "in no group"},
                      {"people", count},
                      {"in_training", seen}});
    }
  }
  return rows;
}

json methods_json(const RunSummary& run) {
  json rows = json::array();
  for (const std::string& name : methods_of(run)) {
    const std::string about =
        name == "pafo"        ? "PAFO-style, reconstructed from the abstract of its paper; not the authors' code"
        : name == "pafo_dvao" ? "PAFO-style, reconstructed, with DVAO's weights: an adaptation of fairsweep's own"
        : name == "dvao_listwise"
            ? "DVAO's advantages of PAFO-style, reconstructed, teachers: an adaptation of fairsweep's own"
        : name == "dvao_weighted" ? "DVAO's weights on the losses of groups: an ablation of fairsweep's own"
        : name == "dvao_gradient" ? "DVAO's weights on the gradients of groups: an ablation of fairsweep's own"
                                  : "";
    rows.push_back({{"name", printable(name)}, {"about", about}});
  }
  return rows;
}

json warnings_json(const RunSummary& run) {
  json sentences = json::array();
  for (const std::string& warning : type_warnings(run))
    sentences.push_back(printable(warning));
  return sentences;
}

/// How sure the front is; the numbers are null where they cannot be said, and the sentence says why.
json confidence_json(const RunSummary& run) {
  json answer = {{"sentence", confidence_sentence(run)}, {"meaning", probability_meaning(run)}};
  for (const char* name : {"level", "sure", "possible", "expected_false_members", "expected_missed_members"})
    answer[name] = nullptr;
  if (run.confidence) {
    answer["level"] = run.confidence->level;
    answer["sure"] = run.confidence->sure.size();
    answer["possible"] = run.confidence->possible.size();
    answer["expected_false_members"] = run.confidence->expected_false;
    answer["expected_missed_members"] = run.confidence->expected_missed;
  }
  return answer;
}

}  // namespace

json declaration_json(const ReportInput& input) {
  const Front& front = input.run.front;
  const std::map<std::string, std::string> chosen = {
      {"1 axes of the front", objectives_text(front)},
      {"2 chosen on", "validation: means over the replicates of each configuration"},
      {"3 reported on", "test, for the configurations chosen; no choice reads a test value"},
      {"4 criterion",
       "on the front is each configuration that no other is at least as good as on every axis and better "
       "on one; only configurations compete whose replicates have all been reported or finally failed"},
      {"5 reference point of the hypervolume", reference_text(front)}};
  json rows = json::array();
  for (const auto& [key, value] : chosen)
    rows.push_back({key.substr(2), printable(value)});
  return {{"declared", rows_json(input.run.record.declaration)},
          {"chosen", std::move(rows)},
          {"methods", methods_json(input.run)},
          {"groups", groups_json(input.people.people)},
          {"splits", splits_json(input.people.people)},
          {"how", rows_json(input.people.people.how)}};
}

json provenance_json(const RunSummary& run) {
  const RunRecord& record = run.record;
  json rows = rows_json(record.provenance);
  json fixed = json::array();
  for (const auto& [path, value] : run.fixed)
    fixed.push_back({printable(path), printable(to_text(value))});
  return {{"rows", std::move(rows)},
          {"data_digest", printable(record.data_digest)},
          {"configuration_digest", printable(record.configuration_digest)},
          {"configuration", printable_lines(record.resolved_configuration)},
          {"data_description", printable_lines(record.data_description)},
          {"fixed", std::move(fixed)}};
}

json page_data(const ReportInput& input, const ReportLimits& limits) {
  const RunRecord& record = input.run.record;
  std::map<std::string, std::size_t> states;
  for (const TrialRecord& trial : record.trials)
    ++states[std::string(to_text(trial.state))];
  const bool any = !input.run.front.members.empty();
  return {{"about",
           {{"run", printable(input.run.name)},
            {"sweep", printable(record.sweep)},
            {"complete", record.complete},
            {"configurations", record.configurations.size()},
            {"wanted_configurations", record.wanted_configurations},
            {"replicates", record.replicates},
            {"trials", states},
            {"started", number_json(record.started)},
            {"seconds", number_json(record.seconds)},
            {"hypervolume", any ? number_json(input.run.front.hypervolume) : json(nullptr)},
            {"reference", any ? json(input.run.front.reference) : json(nullptr)}}},
          {"confidence", confidence_json(input.run)},
          {"warnings", warnings_json(input.run)},
          {"points", points_json(input.run, limits)},
          {"curve", curve_json(input, limits)},
          {"importance", importance_json(input.run)},
          {"persons", persons_json(input, limits)},
          {"work", work_json(input, limits)},
          {"failures", failures_json(input.run, limits)},
          {"declaration", declaration_json(input)},
          {"provenance", provenance_json(input.run)}};
}

}  // namespace fairsweep::report
