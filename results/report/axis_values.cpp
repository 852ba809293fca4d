#include "results/report/axis_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace fairsweep::report {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

double value_of(const TrialRecord& trial, const std::string& metric, const std::string& group, Split split) {
  for (const MetricValue& value : trial.metrics) {
    if (value.split == split && value.metric == metric && value.group == group)
      return std::isfinite(value.value) ? value.value : k_nan;
  }
  return k_nan;
}

bool counts(const TrialRecord& trial, const std::vector<Objective>& objectives) {
  return trial.state == TrialState::reported && std::ranges::all_of(objectives, [&](const Objective& objective) {
           return !std::isnan(value_of(trial, objective.metric, objective.group, Split::validation));
         });
}

}  // namespace

std::vector<Axis> report_axes(const RunRecord& record, std::size_t most) {
  std::vector<Axis> axes;
  std::set<std::pair<std::string, std::string>> known;
  for (const Objective& objective : record.objectives) {
    axes.push_back({objective.metric, objective.group, objective.direction, objective.unit, true});
    known.emplace(objective.metric, objective.group);
  }
  for (const TrialRecord& trial : record.trials) {
    for (const MetricValue& value : trial.metrics) {
      if (axes.size() >= most)
        return axes;
      if (value.split != Split::validation || !known.emplace(value.metric, value.group).second)
        continue;
      const auto same = std::ranges::find(record.objectives, value.metric, &Objective::metric);
      axes.push_back({value.metric, value.group,
                      same == record.objectives.end() ? std::nullopt : std::optional(same->direction),
                      same == record.objectives.end() ? std::string() : same->unit, false});
    }
  }
  return axes;
}

std::span<const TrialRecord> trials_of(const RunRecord& record, ConfigurationId id) {
  const auto found = std::ranges::equal_range(record.trials, id, {}, &TrialRecord::configuration);
  return {found.begin(), found.end()};
}

ReplicateValues replicate_values(const RunRecord& record, ConfigurationId id, const std::vector<Axis>& axes) {
  ReplicateValues values;
  for (const TrialRecord& trial : trials_of(record, id)) {
    if (!counts(trial, record.objectives))
      continue;
    values.trials.push_back(trial.id);
    for (const Axis& axis : axes) {
      values.validation.push_back(value_of(trial, axis.metric, axis.group, Split::validation));
      values.test.push_back(value_of(trial, axis.metric, axis.group, Split::test));
    }
  }
  return values;
}

std::vector<double> means_of(const std::vector<double>& values, std::size_t axes) {
  std::vector<double> means(axes, k_nan);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    double sum = 0, count = 0;
    for (std::size_t cell = axis; cell < values.size(); cell += axes) {
      if (!std::isnan(values[cell])) {
        sum += values[cell];
        ++count;
      }
    }
    if (count > 0)
      means[axis] = sum / count;
  }
  return means;
}

}  // namespace fairsweep::report
