#include "results/report/person_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "results/report/axis_values.hpp"

namespace fairsweep::report {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t k_quantiles = 40;
constexpr std::size_t k_bins = 10;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Sum of (a - mean)(b - mean).
double crossed(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum;
}

/// Ranks from 1; equal values share their mean rank.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]])
      ++to;
    for (std::size_t i = from; i < to; ++i)
      ranks[order[i]] = static_cast<double>(from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

PersonSpread spread_of(std::string group, std::vector<double> values) {
  PersonSpread spread;
  spread.group = std::move(group);
  spread.people = values.size();
  spread.mean = values.empty() ? k_nan : mean_of(values);
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

SupportBin bin_of(const std::vector<double>& support, const std::vector<double>& values) {
  SupportBin bin;
  bin.people = values.size();
  bin.support = mean_of(support);
  bin.low = support.front();
  bin.high = support.back();
  bin.mean = mean_of(values);
  const double n = static_cast<double>(values.size());
  bin.standard_error = values.size() > 1 ? std::sqrt(crossed(values, values) / (n - 1) / n) : k_nan;
  return bin;
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

SupportCurve support_curve(const std::vector<double>& all_support, const std::vector<double>& all_values) {
  std::vector<std::pair<double, double>> known;
  for (std::size_t i = 0; i < all_support.size(); ++i) {
    if (std::isfinite(all_support[i]) && std::isfinite(all_values[i]))
      known.emplace_back(all_support[i], all_values[i]);
  }
  std::ranges::sort(known);
  SupportCurve curve;
  curve.people = known.size();
  curve.slope = curve.correlation = k_nan;
  if (known.empty())
    return curve;
  std::vector<double> support, values;
  support.reserve(known.size());
  values.reserve(known.size());
  for (const auto& [rate, value] : known) {
    support.push_back(rate);
    values.push_back(value);
  }
  const auto ranks_support = ranks_of(support), ranks_values = ranks_of(values);
  const double spread = crossed(support, support);
  const double both = crossed(ranks_support, ranks_support) * crossed(ranks_values, ranks_values);
  curve.slope = spread > 0 ? crossed(support, values) / spread : k_nan;
  curve.correlation = both > 0 ? crossed(ranks_support, ranks_values) / std::sqrt(both) : k_nan;
  for (std::size_t from = 0, bin = 1; from < known.size(); ++bin) {
    std::size_t to = std::max(from + 1, bin * known.size() / k_bins);
    while (to < known.size() && support[to] == support[to - 1])
      ++to;
    const auto at = [](std::size_t place) { return static_cast<std::ptrdiff_t>(place); };
    curve.bins.push_back(bin_of({support.begin() + at(from), support.begin() + at(to)},
                                {values.begin() + at(from), values.begin() + at(to)}));
    from = to;
    while (bin < k_bins && (bin + 1) * known.size() / k_bins <= from)
      ++bin;  // equal rates filled the next bins as well
  }
  return curve;
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
  curves.support = support_curve(support, means);
  return curves;
}

}  // namespace fairsweep::report
