#include "results/export/against_reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

namespace fairsweep::exports {
namespace {

/// Index of a person's row among the values of a split, for the people of one group.
std::vector<std::size_t> columns_of(const PersonResults& people, const std::string& group) {
  const auto place = std::ranges::find(people.people.groups, group);
  const auto code = static_cast<std::int32_t>(place - people.people.groups.begin());
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < people.test.people.size(); ++column) {
    const auto person = static_cast<std::size_t>(people.test.people[column]);
    if (group.empty() || (place != people.people.groups.end() && people.people.group[person] == code))
      columns.push_back(column);
  }
  return columns;
}

/// Means of a configuration's replicates for each of these people on test; NaN where none says anything.
std::vector<double> person_means(const report::RunSummary& run, const PersonResults& people, ConfigurationId id,
                                 const std::vector<std::size_t>& columns) {
  std::set<TrialId> trials;
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.configuration == id && counts_in_front(trial, run.front.objectives))
      trials.insert(trial.id);
  }
  std::vector<double> sums(columns.size(), 0), counts(columns.size(), 0);
  for (std::size_t row = 0; row < people.trials.size(); ++row) {
    if (!trials.contains(people.trials[row]))
      continue;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double value = people.test.values[row * people.test.people.size() + columns[i]];
      if (std::isnan(value))
        continue;
      sums[i] += value;
      counts[i] += 1;
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] = counts[i] > 0 ? sums[i] / counts[i] : std::numeric_limits<double>::quiet_NaN();
  return sums;
}

double mean_of_known(const std::vector<double>& values) {
  double sum = 0, count = 0;
  for (const double value : values) {
    if (std::isnan(value))
      continue;
    sum += value;
    count += 1;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

/// Is the group's value the mean of its people's? Only then do people's differences say something about the group's.
bool is_mean_of_people(const Estimate& stored, const std::vector<double>& of_people) {
  const double mean = mean_of_known(of_people);
  return std::fabs(mean - stored.mean) <= 1e-6 * std::max(1.0, std::fabs(stored.mean));
}

const PersonResults* values_of(const std::vector<PersonResults>& people, const std::string& metric) {
  const auto place = std::ranges::find(people, metric, &PersonResults::metric);
  return place == people.end() ? nullptr : &*place;
}

/// 64 bits of the data's digest, so that a run on other data draws otherwise.
std::uint64_t seed_of(const std::string& digest) {
  std::uint64_t seed = 14695981039346656037ULL;
  for (const char letter : digest)
    seed = (seed ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
  return seed;
}

void say(std::string& note, const std::string& sentence) {
  if (note.find(sentence) == std::string::npos)
    note += (note.empty() ? "" : " ") + sentence;
}

void compare_objective(const report::RunSummary& run, const std::vector<PersonResults>& people, std::size_t axis,
                       ReferenceComparison& comparison) {
  const Objective& objective = run.front.objectives[axis];
  const PersonResults* values = values_of(people, objective.metric);
  const std::vector<std::size_t> columns =
      values == nullptr ? std::vector<std::size_t>() : columns_of(*values, objective.group);
  if (columns.empty()) {
    say(comparison.note, "The result file has no values of single people for " + objective.label() + " on test.");
    return;
  }
  const FrontPoint& reference = run.front.points[*comparison.reference];
  const std::vector<double> theirs = person_means(run, *values, reference.configuration, columns);
  std::vector<std::size_t> points;
  std::vector<std::vector<double>> differences;
  for (const std::size_t member : run.front.members) {
    if (member == *comparison.reference)
      continue;
    std::vector<double> row = person_means(run, *values, run.front.points[member].configuration, columns);
    if (!is_mean_of_people(run.front.points[member].test[axis], row) ||
        !is_mean_of_people(reference.test[axis], theirs)) {
      say(comparison.note, objective.label() +
                               " is not the mean of its people's values, or not all of them are there, "
                               "so people cannot be drawn for it.");
      return;
    }
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] -= theirs[i];
    points.push_back(member);
    differences.push_back(std::move(row));
  }
  RandomStream random(seed_of(run.record.data_digest), 0, 0, Purpose::bootstrap, static_cast<std::uint32_t>(axis));
  const std::vector<PairedDifference> drawn = paired_bootstrap(differences, k_bootstrap_draws, random);
  for (std::size_t i = 0; i < points.size(); ++i)
    comparison.differences.push_back({points[i], axis, drawn[i]});
}

void judge(const Front& front, ReferenceComparison& comparison) {
  std::vector<double> p_values;
  p_values.reserve(comparison.differences.size());
  for (const ReferenceDifference& one : comparison.differences)
    p_values.push_back(one.difference.p_value);
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    ReferenceDifference& one = comparison.differences[i];
    one.adjusted_p = adjusted[i];
    const double worse_by = front.objectives[one.objective].to_minimisation(one.difference.mean);
    if (adjusted[i] <= k_significance_level && worse_by != 0)
      one.verdict = worse_by < 0 ? 1 : -1;
  }
}

}  // namespace

const ReferenceDifference* ReferenceComparison::find(std::size_t point, std::size_t objective) const {
  const auto place = std::ranges::find_if(
      differences, [&](const ReferenceDifference& one) { return one.point == point && one.objective == objective; });
  return place == differences.end() ? nullptr : &*place;
}

bool counts_in_front(const TrialRecord& trial, const std::vector<Objective>& objectives) {
  if (trial.state != TrialState::reported)
    return false;
  return std::ranges::all_of(objectives, [&](const Objective& objective) {
    return std::ranges::any_of(trial.metrics, [&](const MetricValue& metric) {
      return metric.split == Split::validation && metric.metric == objective.metric &&
             metric.group == objective.group && std::isfinite(metric.value);
    });
  });
}

std::optional<std::size_t> reference_point(const report::RunSummary& run, const std::string& method) {
  for (const std::size_t point : report::best_of_methods(run)) {
    if (report::method_of(run, report::configuration_of(run.record, run.front.points[point].configuration)) == method)
      return point;
  }
  return std::nullopt;
}

ReferenceComparison compare_with_method(const report::RunSummary& run, const std::vector<PersonResults>& people,
                                        const std::string& method) {
  ReferenceComparison comparison;
  comparison.method = method;
  comparison.reference = reference_point(run, method);
  if (!comparison.reference) {
    comparison.note =
        "No configuration of the method " + method + " competes in this sweep, so nothing is compared with it.";
    return comparison;
  }
  for (std::size_t axis = 0; axis < run.front.objectives.size(); ++axis)
    compare_objective(run, people, axis, comparison);
  std::ranges::stable_sort(comparison.differences, {}, [&](const ReferenceDifference& one) {
    return std::ranges::find(run.front.members, one.point) - run.front.members.begin();
  });
  judge(run.front, comparison);
  return comparison;
}

}  // namespace fairsweep::exports
