#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "results/report/display_text.hpp"
#include "results/report/fairness_report.hpp"
#include "results/report/front_report.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

json measured_json(const Measured& measured) {
  json floor = nullptr;
  if (measured.floor.mean == measured.floor.mean) {
    floor = {{"mean", number_json(measured.floor.mean)},
             {"low", number_json(measured.floor.interval.low)},
             {"high", number_json(measured.floor.interval.high)}};
  }
  return {{"value", number_json(measured.value)},
          {"low", number_json(measured.interval.low)},
          {"high", number_json(measured.interval.high)},
          {"floor", std::move(floor)}};
}

json indices_json(const std::vector<Measured>& indices) {
  if (indices.empty())
    return nullptr;
  json all = json::object();
  for (std::size_t i = 0; i < std::size(k_index_names); ++i)
    all[std::string(k_index_names[i])] = measured_json(indices[i]);
  return all;
}

json curve_json(const fairness::SupportCurve& curve) {
  json bins = json::array();
  for (const fairness::SupportBin& bin : curve.bins) {
    bins.push_back({{"support", number_json(bin.support)},
                    {"low", number_json(bin.low)},
                    {"high", number_json(bin.high)},
                    {"mean", number_json(bin.mean)},
                    {"standard_error", number_json(bin.standard_error)},
                    {"people", bin.people}});
  }
  return {{"people", curve.people}, {"bins", std::move(bins)}};
}

json group_json(const GroupFairness& group) {
  json bins = json::array();
  for (const fairness::ReliabilityBin& bin : group.bins) {
    bins.push_back({{"confidence", number_json(bin.confidence)},
                    {"right", number_json(bin.right)},
                    {"highest", bin.highest / 1e4},
                    {"mass", number_json(bin.mass)}});
  }
  return {{"group", printable(group.group)},
          {"people", group.people},
          {"comparisons", group.comparisons},
          {"value", measured_json(group.value)},
          {"calibration_error", measured_json(group.calibration)},
          {"reliability", std::move(bins)},
          {"regret", measured_json(group.regret)},
          {"best_configuration", group.best ? json(group.best->value) : json(nullptr)},
          {"teacher_regret", measured_json(group.teacher_regret)},
          {"gain_left", number_json(group.gain_left)},
          {"model_as_borda", measured_json(group.model_as_borda)},
          {"people_as_borda", measured_json(group.people_as_borda)}};
}

json point_json(const FairnessOfPoint& point) {
  json groups = json::array();
  for (const GroupFairness& group : point.groups)
    groups.push_back(group_json(group));
  return {{"configuration", point.configuration.value},
          {"trial", point.trial ? json(point.trial->value) : json(nullptr)},
          {"method", printable(point.method)},
          {"on_front", point.member.has_value()},
          {"replicates", point.replicates},
          {"people", point.people},
          {"over_people", indices_json(point.over_people)},
          {"over_groups", indices_json(point.over_groups)},
          {"deviation_without_chance", measured_json(point.deviation_without_chance)},
          {"relative_gap", measured_json(point.relative_gap)},
          {"majority_gap", measured_json(point.majority_gap)},
          {"largest_regret", measured_json(point.largest_regret)},
          {"support",
           {{"slope", measured_json(point.slope)},
            {"pearson", measured_json(point.pearson)},
            {"spearman", measured_json(point.spearman)},
            {"curve", curve_json(point.curve)}}},
          {"groups", std::move(groups)}};
}

}  // namespace

json fairness_json(const FairnessSummary& summary) {
  json points = json::array();
  for (const FairnessOfPoint& point : summary.points)
    points.push_back(point_json(point));
  return {{"metric", printable(summary.metric)},
          {"direction", summary.direction == Direction::maximise ? "maximise" : "minimise"},
          {"split", to_text(summary.split)},
          {"draws", summary.chance.draws},
          {"seed", summary.chance.seed},
          {"level", 0.95},
          {"missing", summary.missing},
          {"points", std::move(points)}};
}

}  // namespace fairsweep::report
