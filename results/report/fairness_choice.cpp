#include "results/report/fairness_choice.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/metric.hpp"
#include "results/report/axis_values.hpp"

namespace fairsweep::report {
namespace {

std::size_t point_of(const Front& front, ConfigurationId id) {
  const auto place = std::ranges::find(front.points, id, &FrontPoint::configuration);
  check(place != front.points.end(), "a reported trial's configuration is a point");
  return static_cast<std::size_t>(place - front.points.begin());
}

ShownPoint shown_trial(const RunSummary& run, TrialId asked) {
  const auto place = std::ranges::find(run.record.trials, asked, &TrialRecord::id);
  if (place == run.record.trials.end() || place->state != TrialState::reported) {
    throw UserError(
        ExitCode::configuration,
        run.name + ": trial " + std::to_string(asked.value) +
            (place == run.record.trials.end() ? " is not there"
                                              : " has no results, it is " + std::string(to_text(place->state))) +
            "; `fairsweep show " + run.name + "` lists what there is");
  }
  return {point_of(run.front, place->configuration), asked};
}

}  // namespace

std::string metric_of_fairness(const RunSummary& run, const FairnessRequest& request) {
  const auto has_people = [](const std::string& name) {
    const Metric* metric = find_metric(name);
    return metric == nullptr || metric->of_people();
  };
  if (!request.metric.empty()) {
    if (!has_people(request.metric)) {
      throw UserError(
          ExitCode::configuration,
          "--metric " + request.metric + ": single people have no value of it; it is shown beside the others");
    }
    return request.metric;
  }
  for (const Objective& objective : run.front.objectives) {
    if (has_people(objective.metric))
      return objective.metric;
  }
  throw UserError(ExitCode::configuration,
                  run.name +
                      ": no axis of the front is a metric of single people; name one with --metric, for example "
                      "--metric accuracy");
}

Direction direction_of_fairness(const RunSummary& run, const std::string& metric) {
  for (const Objective& objective : run.front.objectives) {
    if (objective.metric == metric)
      return objective.direction;
  }
  const Metric* known = find_metric(metric);
  return known == nullptr ? Direction::maximise : known->direction();
}

std::vector<ShownPoint> shown_points(const RunSummary& run, const FairnessRequest& request) {
  if (request.trial)
    return {shown_trial(run, *request.trial)};
  std::vector<ShownPoint> shown;
  shown.reserve(run.front.members.size() + 1);
  for (const std::size_t member : run.front.members)
    shown.push_back({member, std::nullopt});
  for (const std::size_t point : best_of_methods(run)) {
    const bool there = std::ranges::find(run.front.members, point) != run.front.members.end();
    if (!there && method_of(run, configuration_of(run.record, run.front.points[point].configuration)) == "pooled")
      shown.push_back({point, std::nullopt});
  }
  return shown;
}

std::vector<std::optional<ConfigurationId>> best_of_groups(const RunSummary& run, const std::string& metric) {
  std::vector<Axis> axes;
  axes.reserve(run.record.groups.size());
  for (const std::string& group : run.record.groups)
    axes.push_back({metric, group, std::nullopt, "", false});
  const double sign = direction_of_fairness(run, metric) == Direction::minimise ? 1 : -1;
  std::vector<std::optional<ConfigurationId>> best(axes.size());
  std::vector<double> least(axes.size(), HUGE_VAL);
  for (const FrontPoint& point : run.front.points) {
    if (!point.competes)
      continue;
    const std::vector<double> means =
        means_of(replicate_values(run.record, point.configuration, axes).validation, axes.size());
    for (std::size_t group = 0; group < axes.size(); ++group) {
      if (sign * means[group] < least[group]) {  // a NaN is not
        least[group] = sign * means[group];
        best[group] = point.configuration;
      }
    }
  }
  return best;
}

std::vector<TrialId> trials_of_fairness(const RunSummary& run, const FairnessRequest& request) {
  std::set<ConfigurationId> wanted;
  for (const ShownPoint& shown : shown_points(run, request))
    wanted.insert(run.front.points[shown.point].configuration);
  for (const auto& best : best_of_groups(run, metric_of_fairness(run, request))) {
    if (best)
      wanted.insert(*best);
  }
  std::vector<TrialId> trials;
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.state == TrialState::reported && wanted.contains(trial.configuration))
      trials.push_back(trial.id);
  }
  return trials;
}

}  // namespace fairsweep::report
