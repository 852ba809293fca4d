#include "results/report/person_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "objectives/metrics/inequality/mean.hpp"
#include "results/report/axis_values.hpp"

namespace fairsweep::report {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t k_quantiles = 40;

PersonSpread spread_of(std::string group, std::vector<double> values) {
  PersonSpread spread;
  spread.group = std::move(group);
  spread.people = values.size();
  spread.mean = values.empty() ? k_nan : fairness::mean_of(values);
  if (values.empty())
    return spread;
  std::ranges::sort(values);
  for (std::size_t i = 0; i <= k_quantiles; ++i) {
    // The smallest value that a share of at least i / 40 of the people does not exceed.
    const std::size_t rank = (i * values.size() + k_quantiles - 1) / k_quantiles;
    spread.quantiles.push_back(values[std::max<std::size_t>(rank, 1) - 1]);
  }
  return spread;
}

}  // namespace

std::vector<double> person_means(const RunSummary& run, const PersonResults& results, const PersonValues& values,
                                 ConfigurationId configuration, std::size_t& replicates) {
  const std::size_t people = values.people.size();
  std::vector<double> sums(people, 0.0), counts(people, 0.0);
  replicates = 0;
  for (const TrialRecord& trial : trials_of(run.record, configuration)) {
    const auto row = std::ranges::lower_bound(results.trials, trial.id);
    if (row == results.trials.end() || *row != trial.id)
      continue;
    ++replicates;
    const std::size_t first = static_cast<std::size_t>(row - results.trials.begin()) * people;
    for (std::size_t person = 0; person < people; ++person) {
      if (std::isfinite(values.values[first + person])) {
        sums[person] += values.values[first + person];
        ++counts[person];
      }
    }
  }
  for (std::size_t person = 0; person < people; ++person)
    sums[person] = counts[person] > 0 ? sums[person] / counts[person] : k_nan;
  return sums;
}

PersonCurves person_curves(const RunSummary& run, const PersonResults& results, const PersonValues& values,
                           ConfigurationId configuration) {
  PersonCurves curves;
  curves.configuration = configuration;
  const std::vector<double> means = person_means(run, results, values, configuration, curves.replicates);
  std::vector<std::vector<double>> of_group(results.people.groups.size() + 1);
  std::vector<double> support;
  support.reserve(means.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    const auto person = static_cast<std::size_t>(values.people[i]);
    const bool known = person < results.people.user.size();
    support.push_back(known ? results.people.support[person] : k_nan);
    if (!std::isfinite(means[i]))
      continue;
    of_group[0].push_back(means[i]);
    if (known && results.people.group[person] >= 0)
      of_group[static_cast<std::size_t>(results.people.group[person]) + 1].push_back(means[i]);
  }
  for (std::size_t group = 0; group < of_group.size(); ++group)
    curves.spreads.push_back(
        spread_of(group == 0 ? std::string() : results.people.groups[group - 1], std::move(of_group[group])));
  curves.support = fairness::support_curve(support, means);
  return curves;
}

}  // namespace fairsweep::report
