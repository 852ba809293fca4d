#include "results/report/gains.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "results/report/student.hpp"

namespace fairsweep::report {
namespace {

/// Values on test, larger is better, by replicate.
using ByReplicate = std::map<std::uint32_t, double>;

ByReplicate values_of(const std::vector<const TrialRecord*>& trials, const Objective& objective) {
  ByReplicate values;
  for (const TrialRecord* trial : trials) {
    for (const MetricValue& value : trial->metrics) {
      if (value.split == Split::test && value.metric == objective.metric && value.group == objective.group &&
          std::isfinite(value.value))
        values[trial->replicate] = -objective.to_minimisation(value.value);
    }
  }
  return values;
}

Gain gain_of(const ByReplicate& member, const ByReplicate& pooled) {
  std::vector<double> differences;
  for (const auto& [replicate, value] : member) {
    if (const auto other = pooled.find(replicate); other != pooled.end())
      differences.push_back(value - other->second);
  }
  Gain gain;
  gain.replicates = static_cast<std::uint32_t>(differences.size());
  gain.mean = gain.half_width = std::numeric_limits<double>::quiet_NaN();
  if (differences.empty())
    return gain;
  const auto n = static_cast<double>(differences.size());
  double sum = 0, squares = 0;
  for (const double difference : differences)
    sum += difference;
  gain.mean = sum / n;
  for (const double difference : differences)
    squares += (difference - gain.mean) * (difference - gain.mean);
  if (n > 1)
    gain.half_width = student_quantile(0.975, n - 1) * std::sqrt(squares / (n - 1) / n);
  return gain;
}

}  // namespace

std::optional<GainTable> gain_table(const RunSummary& run) {
  const Front& front = run.front;
  GainTable table;
  for (std::size_t axis = 0; axis < front.objectives.size(); ++axis) {
    if (!front.objectives[axis].group.empty())
      table.axes.push_back(axis);
  }
  const std::vector<std::size_t> best = best_of_methods(run);
  const auto pooled = std::ranges::find_if(best, [&](std::size_t point) {
    return method_of(run, configuration_of(run.record, front.points[point].configuration)) == "pooled";
  });
  if (table.axes.empty() || pooled == best.end())
    return std::nullopt;
  table.pooled = *pooled;
  std::map<ConfigurationId, std::vector<const TrialRecord*>> trials_of;
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.state == TrialState::reported)
      trials_of[trial.configuration].push_back(&trial);
  }
  std::vector<ByReplicate> of_pooled;
  for (const std::size_t axis : table.axes)
    of_pooled.push_back(values_of(trials_of[front.points[table.pooled].configuration], front.objectives[axis]));
  for (const std::size_t member : front.members) {
    std::vector<Gain> gains;
    for (std::size_t i = 0; i < table.axes.size(); ++i) {
      gains.push_back(gain_of(values_of(trials_of[front.points[member].configuration], front.objectives[table.axes[i]]),
                              of_pooled[i]));
    }
    table.gains.push_back(std::move(gains));
  }
  return table;
}

}  // namespace fairsweep::report
