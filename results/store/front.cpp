#include "results/store/front.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep {
namespace {

/// Values of one configuration's replicates: [objectives][replicates].
using ReplicateValues = std::vector<std::vector<double>>;

std::optional<double> find_value(const TrialRecord& trial, const Objective& objective, Split split) {
  for (const MetricValue& metric : trial.metrics) {
    if (metric.split == split && metric.metric == objective.metric && metric.group == objective.group) {
      return std::isfinite(metric.value) ? std::optional(metric.value) : std::nullopt;
    }
  }
  return std::nullopt;
}

Estimate estimate(const std::vector<double>& values) {
  Estimate result;
  result.replicates = static_cast<std::uint32_t>(values.size());
  if (values.empty())
    return result;
  const double n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values)
    sum += value;
  result.mean = sum / n;
  if (values.size() < 2)
    return result;
  double squares = 0;
  for (const double value : values)
    squares += (value - result.mean) * (value - result.mean);
  result.standard_error = std::sqrt(squares / (n - 1) / n);
  return result;
}

std::vector<Estimate> estimates(const ReplicateValues& values) {
  std::vector<Estimate> result;
  for (const std::vector<double>& of_objective : values)
    result.push_back(estimate(of_objective));
  return result;
}

FrontPoint summarise(ConfigurationId id, const std::vector<const TrialRecord*>& trials, const RunRecord& record) {
  FrontPoint point;
  point.configuration = id;
  ReplicateValues validation(record.objectives.size()), test(record.objectives.size());
  for (const TrialRecord* trial : trials) {
    if (trial->state == TrialState::pending || trial->state == TrialState::running ||
        trial->state == TrialState::elsewhere) {
      ++point.open;
      continue;
    }
    const auto values =
        trial->state == TrialState::reported ? validation_values(*trial, record.objectives) : std::nullopt;
    if (!values) {
      ++point.failed;
      continue;
    }
    ++point.replicates;
    for (std::size_t axis = 0; axis < record.objectives.size(); ++axis) {
      validation[axis].push_back((*values)[axis]);
      if (const auto value = find_value(*trial, record.objectives[axis], Split::test))
        test[axis].push_back(*value);
    }
  }
  if (trials.size() < record.replicates)
    point.open += record.replicates - static_cast<std::uint32_t>(trials.size());
  point.competes = point.replicates > 0 && point.open == 0;
  point.validation = estimates(validation);
  point.test = estimates(test);
  return point;
}

std::vector<FrontPoint> summarise(const RunRecord& record) {
  std::map<ConfigurationId, std::vector<const TrialRecord*>> trials_of;
  for (const TrialRecord& trial : record.trials)
    trials_of[trial.configuration].push_back(&trial);
  std::vector<FrontPoint> points;
  points.reserve(trials_of.size());
  for (const auto& [id, trials] : trials_of)
    points.push_back(summarise(id, trials, record));
  return points;
}

void mark_front(Front& front) {
  std::vector<std::size_t> competing;
  std::vector<double> values;
  for (std::size_t i = 0; i < front.points.size(); ++i) {
    if (!front.points[i].competes)
      continue;
    competing.push_back(i);
    for (std::size_t axis = 0; axis < front.objectives.size(); ++axis) {
      values.push_back(front.objectives[axis].to_minimisation(front.points[i].validation[axis].mean));
    }
  }
  for (const std::size_t row : pareto::non_dominated({values, front.objectives.size()}, pareto::Copies::all)) {
    front.points[competing[row]].on_front = true;
    front.members.push_back(competing[row]);
  }
  const Objective& first = front.objectives.front();
  std::stable_sort(front.members.begin(), front.members.end(), [&](std::size_t a, std::size_t b) {
    return first.to_minimisation(front.points[a].validation.front().mean) <
           first.to_minimisation(front.points[b].validation.front().mean);
  });
}

}  // namespace

std::optional<std::vector<double>> validation_values(const TrialRecord& trial,
                                                     const std::vector<Objective>& objectives) {
  std::vector<double> values;
  for (const Objective& objective : objectives) {
    const std::optional<double> value = find_value(trial, objective, Split::validation);
    if (!value)
      return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

Front select_front(const RunRecord& record) {
  check(!record.objectives.empty(), "a front needs at least one objective");
  Front front;
  front.objectives = record.objectives;
  front.points = summarise(record);
  mark_front(front);
  if (!front.members.empty()) {
    front.reference = front_reference(front.objectives, front.points);
    front.hypervolume = front_hypervolume(front, front.reference);
  }
  return front;
}

std::vector<double> front_reference(const std::vector<Objective>& objectives, const std::vector<FrontPoint>& points) {
  std::vector<double> reference;
  for (std::size_t axis = 0; axis < objectives.size(); ++axis) {
    const Objective& objective = objectives[axis];
    if (objective.metric == "accuracy" && objective.direction == Direction::maximise) {
      reference.push_back(0);
      continue;
    }
    std::optional<double> worst;
    for (const FrontPoint& point : points) {
      if (!point.competes)
        continue;
      const double mean = point.validation[axis].mean;
      if (!worst || objective.to_minimisation(mean) > objective.to_minimisation(*worst))
        worst = mean;
    }
    check(worst.has_value(), "a reference point needs a point that competes");
    reference.push_back(*worst);
  }
  return reference;
}

double front_hypervolume(const Front& front, const std::vector<double>& reference) {
  check(reference.size() == front.objectives.size(), "a reference point has one value an objective");
  std::vector<double> values, corner;
  for (const std::size_t member : front.members) {
    for (std::size_t axis = 0; axis < reference.size(); ++axis) {
      values.push_back(front.objectives[axis].to_minimisation(front.points[member].validation[axis].mean));
    }
  }
  for (std::size_t axis = 0; axis < reference.size(); ++axis) {
    corner.push_back(front.objectives[axis].to_minimisation(reference[axis]));
  }
  return pareto::hypervolume({values, reference.size()}, corner);
}

}  // namespace fairsweep
