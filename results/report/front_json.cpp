#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/mixture.hpp"
#include "results/report/type_warnings.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

json estimates_json(const std::vector<Estimate>& estimates) {
  json array = json::array();
  for (const Estimate& estimate : estimates)
    array.push_back(to_json(estimate));
  return array;
}

/// Configurations of points.
json numbers_json(const Front& front, const std::vector<std::size_t>& points) {
  json array = json::array();
  for (const std::size_t point : points)
    array.push_back(front.points[point].configuration.value);
  return array;
}

json confidence_json(const RunSummary& run) {
  if (!run.confidence)
    return nullptr;
  const FrontConfidence& confidence = *run.confidence;
  return {{"level", confidence.level},
          {"sure", numbers_json(run.front, confidence.sure)},
          {"possible", numbers_json(run.front, confidence.possible)},
          {"expected_false_members", confidence.expected_false},
          {"expected_missed_members", confidence.expected_missed},
          {"replicates", {{"least", confidence.least_replicates}, {"most", confidence.most_replicates}}},
          {"draws", confidence.draws},
          {"seed", confidence.seed}};
}

json point_json(const RunSummary& run, const FrontPoint& point) {
  const auto place = static_cast<std::size_t>(&point - run.front.points.data());
  const Configuration& configuration = configuration_of(run.record, point.configuration);
  return {
      {"configuration", point.configuration.value},
      {"method", method_of(run, configuration)},
      {"settings", to_json(configuration.values)},
      {"replicates", point.replicates},
      {"failed", point.failed},
      {"open", point.open},
      {"competes", point.competes},
      {"on_front", point.on_front},
      {"probability_non_dominated", run.confidence ? number_json(run.confidence->probability[place]) : json(nullptr)},
      {"mixture", mixture_json(mixture_of(run.record, point.configuration))},
      {"validation", estimates_json(point.validation)},
      {"test", estimates_json(point.test)}};
}

}  // namespace

json number_json(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json to_json(const Estimate& estimate) {
  return {{"mean", number_json(estimate.mean)},
          {"standard_error", number_json(estimate.standard_error)},
          {"replicates", estimate.replicates}};
}

json to_json(const Value& value) {
  return std::visit(
      [](const auto& held) -> json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, double>) {
          return number_json(held);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
          return printable(held);
        } else {
          return held;
        }
      },
      value);
}

json to_json(const Settings& settings) {
  json object = json::object();
  for (const auto& [path, value] : settings)
    object[path] = to_json(value);
  return object;
}

json to_json(const Objective& objective) {
  return {{"metric", objective.metric},
          {"group", objective.group},
          {"direction", objective.direction == Direction::minimise ? "minimise" : "maximise"},
          {"unit", objective.unit}};
}

json front_json(const RunSummary& run, Shown shown) {
  json objectives = json::array(), members = json::array(), best = json::array();
  for (const Objective& objective : run.front.objectives)
    objectives.push_back(to_json(objective));
  for (std::size_t i = 0; i < run.front.members.size(); ++i) {
    json point = point_json(run, run.front.points[run.front.members[i]]);
    point["key"] = std::string(1, key_of(i));
    members.push_back(std::move(point));
  }
  for (const std::size_t point : best_of_methods(run))
    best.push_back(point_json(run, run.front.points[point]));
  const bool any = !run.front.members.empty();
  json answer = {{"run", run.name},
                 {"sweep", run.record.sweep},
                 {"complete", run.record.complete},
                 {"objectives", std::move(objectives)},
                 {"members", std::move(members)},
                 {"hypervolume", any ? number_json(run.front.hypervolume) : json(nullptr)},
                 {"reference", any ? json(run.front.reference) : json(nullptr)},
                 {"confidence", confidence_json(run)},
                 {"warnings", type_warnings(run)},
                 {"best_of_methods", std::move(best)}};
  if (shown == Shown::every_configuration) {
    json all = json::array();
    for (const FrontPoint& point : run.front.points)
      all.push_back(point_json(run, point));
    answer["configurations"] = std::move(all);
  }
  return answer;
}

}  // namespace fairsweep::report
