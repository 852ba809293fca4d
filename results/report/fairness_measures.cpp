#include "results/report/fairness_measures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/atkinson.hpp"
#include "objectives/metrics/inequality/gini.hpp"
#include "objectives/metrics/inequality/jain.hpp"
#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/inequality/standard_deviation.hpp"
#include "objectives/metrics/inequality/theil.hpp"
#include "objectives/metrics/inequality/value_range.hpp"
#include "objectives/metrics/inequality/worst_mean.hpp"
#include "objectives/metrics/regret.hpp"
#include "objectives/metrics/support/correlation.hpp"
#include "objectives/metrics/support/majority_gap.hpp"

namespace fairsweep::report {
namespace {

constexpr std::size_t k_indices = std::size(k_index_names);
constexpr double k_atkinson_aversion = 0.5;

std::vector<double> indices_of(std::span<const double> values, Direction direction) {
  if (values.empty())
    return std::vector<double>(k_indices, std::nan(""));
  return {fairness::mean_of(values),
          fairness::standard_deviation(values),
          fairness::coefficient_of_variation(values),
          fairness::value_range(values),
          fairness::worst_mean(values, 0.1, direction),
          fairness::worst_mean(values, 0.2, direction),
          fairness::worst_mean(values, 0.3, direction),
          fairness::gini(values),
          fairness::jain(values),
          fairness::theil(values),
          fairness::atkinson(values, k_atkinson_aversion)};
}

/// Mean over the members of each group; NaN where a member has none.
std::vector<double> means_by_group(const std::vector<double>& values, const PeopleSample& sample, std::size_t groups) {
  std::vector<double> means(groups, 0.0), counts(groups, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (sample.group[i] < 0)
      continue;
    means[static_cast<std::size_t>(sample.group[i])] += values[i];
    ++counts[static_cast<std::size_t>(sample.group[i])];
  }
  for (std::size_t group = 0; group < groups; ++group)
    means[group] /= counts[group];
  return means;
}

void measure_support(const PeopleSample& sample, const std::vector<double>& all_values, FairnessMeasures& measures) {
  std::vector<double> support, values;
  support.reserve(sample.size());
  values.reserve(sample.size());
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (std::isfinite(sample.support[i])) {
      support.push_back(sample.support[i]);
      values.push_back(all_values[i]);
    }
  }
  measures.slope = fairness::least_squares_slope(support, values);
  measures.pearson = fairness::pearson_correlation(support, values);
  measures.spearman = fairness::spearman_correlation(support, values);
}

FairnessMeasures measure_model(std::size_t model, const PeopleSample& sample, std::size_t groups, Direction direction) {
  const std::vector<double>& values = sample.values[model];
  FairnessMeasures measures;
  measures.people = indices_of(values, direction);
  measures.group_means = means_by_group(values, sample, groups);
  measures.groups = indices_of(measures.group_means, direction);
  measures.deviation_without_chance = fairness::deviation_without_chance(values, sample.comparisons);
  measures.relative_gap = fairness::relative_gap(measures.group_means, measures.people.front());
  std::vector<std::size_t> people(groups, 0);
  for (const std::int32_t group : sample.group) {
    if (group >= 0)
      ++people[static_cast<std::size_t>(group)];
  }
  measures.majority_gap = fairness::majority_gap(measures.group_means, people);
  measure_support(sample, values, measures);
  measures.group_regrets =
      fairness::group_regrets(measures.group_means, means_by_group(sample.best, sample, groups), direction);
  measures.teacher_regrets.assign(groups, std::nan(""));
  if (!sample.own_teacher.empty()) {
    measures.teacher_regrets = fairness::group_regrets(
        measures.group_means, means_by_group(sample.own_teacher[model], sample, groups), direction);
  }
  measures.largest_regret = std::nan("");
  for (const double regret : measures.group_regrets)
    measures.largest_regret = std::fmax(measures.largest_regret, regret);
  return measures;
}

}  // namespace

FairnessMeasures measure(const PeopleSample& sample, std::size_t groups, Direction direction) {
  check(!sample.values.empty(), "a sample is of at least one model");
  std::vector<double> mean;
  for (std::size_t model = 0; model < sample.values.size(); ++model) {
    const std::vector<double> row = measure_model(model, sample, groups, direction).row();
    mean.resize(row.size(), 0.0);
    for (std::size_t i = 0; i < row.size(); ++i)
      mean[i] += row[i] / static_cast<double>(sample.values.size());
  }
  return FairnessMeasures::of_row(mean, groups);
}

PeopleSample rows_of(const PeopleSample& sample, std::span<const std::uint32_t> rows) {
  PeopleSample drawn;
  const auto take = [&](const auto& from, auto& to) {
    to.reserve(rows.size());
    for (const std::uint32_t row : rows)
      to.push_back(from[row]);
  };
  drawn.values.resize(sample.values.size());
  for (std::size_t model = 0; model < sample.values.size(); ++model)
    take(sample.values[model], drawn.values[model]);
  drawn.own_teacher.resize(sample.own_teacher.size());
  for (std::size_t model = 0; model < sample.own_teacher.size(); ++model)
    take(sample.own_teacher[model], drawn.own_teacher[model]);
  take(sample.group, drawn.group);
  take(sample.support, drawn.support);
  take(sample.best, drawn.best);
  take(sample.comparisons, drawn.comparisons);
  return drawn;
}

std::vector<double> FairnessMeasures::row() const {
  std::vector<double> row = {
      deviation_without_chance, relative_gap, majority_gap, slope, pearson, spearman, largest_regret};
  row.insert(row.end(), people.begin(), people.end());
  row.insert(row.end(), groups.begin(), groups.end());
  row.insert(row.end(), group_means.begin(), group_means.end());
  row.insert(row.end(), group_regrets.begin(), group_regrets.end());
  row.insert(row.end(), teacher_regrets.begin(), teacher_regrets.end());
  return row;
}

FairnessMeasures FairnessMeasures::of_row(std::span<const double> row, std::size_t groups) {
  FairnessMeasures measures;
  std::size_t place = 0;
  for (double FairnessMeasures::* single :
       {&FairnessMeasures::deviation_without_chance, &FairnessMeasures::relative_gap, &FairnessMeasures::majority_gap,
        &FairnessMeasures::slope, &FairnessMeasures::pearson, &FairnessMeasures::spearman,
        &FairnessMeasures::largest_regret})
    measures.*single = row[place++];
  const auto take = [&](std::size_t count) {
    const std::span<const double> part = row.subspan(place, count);
    place += count;
    return std::vector<double>(part.begin(), part.end());
  };
  measures.people = take(k_indices);
  measures.groups = take(k_indices);
  measures.group_means = take(groups);
  measures.group_regrets = take(groups);
  measures.teacher_regrets = take(groups);
  check(place == row.size(), "a row of measures has another length");
  return measures;
}

}  // namespace fairsweep::report
