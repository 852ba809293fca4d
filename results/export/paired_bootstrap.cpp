#include "results/export/paired_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/diagnostics/errors.hpp"
#include "core/domain/quantile.hpp"

namespace fairsweep::exports {
namespace {

PairedDifference measured(const std::vector<double>& row) {
  PairedDifference difference;
  double sum = 0;
  for (const double value : row) {
    if (std::isnan(value))
      continue;
    ++difference.people;
    sum += value;
  }
  if (difference.people == 0)
    return difference;
  const double n = static_cast<double>(difference.people);
  difference.mean = sum / n;
  if (difference.people < 2)
    return difference;
  double squares = 0;
  for (const double value : row) {
    if (!std::isnan(value))
      squares += (value - difference.mean) * (value - difference.mean);
  }
  difference.standard_error = std::sqrt(squares / (n - 1) / n);
  return difference;
}

double two_sided(const std::vector<double>& means) {
  const auto below = std::ranges::count_if(means, [](double mean) { return mean <= 0; });
  const auto above = std::ranges::count_if(means, [](double mean) { return mean >= 0; });
  const double rarer = static_cast<double>(1 + std::min(below, above));
  return std::min(1.0, 2 * rarer / static_cast<double>(means.size() + 1));
}

}  // namespace

std::vector<PairedDifference> paired_bootstrap(const std::vector<std::vector<double>>& differences, std::size_t draws,
                                               RandomStream& random) {
  check(draws > 0, "a bootstrap needs draws");
  std::vector<PairedDifference> result;
  result.reserve(differences.size());
  for (const std::vector<double>& row : differences) {
    check(row.size() == differences.front().size(), "a paired bootstrap needs the same people in every row");
    result.push_back(measured(row));
  }
  if (differences.empty() || differences.front().empty())
    return result;
  const std::size_t people = differences.front().size();
  std::vector<std::uint32_t> times(people);  // how often each was drawn
  std::vector<std::vector<double>> means(differences.size());
  for (std::vector<double>& of_row : means)
    of_row.reserve(draws);
  for (std::size_t draw = 0; draw < draws; ++draw) {
    std::ranges::fill(times, 0);
    for (std::size_t i = 0; i < people; ++i)
      ++times[random.below(people)];
    for (std::size_t row = 0; row < differences.size(); ++row) {
      double sum = 0, count = 0;
      for (std::size_t i = 0; i < people; ++i) {
        if (times[i] == 0 || std::isnan(differences[row][i]))
          continue;
        sum += times[i] * differences[row][i];
        count += times[i];
      }
      if (count > 0)
        means[row].push_back(sum / count);
    }
  }
  for (std::size_t row = 0; row < differences.size(); ++row) {
    if (result[row].people < 2)
      continue;
    result[row].low = quantile_of_known(means[row], 0.025);
    result[row].high = quantile_of_known(means[row], 0.975);
    result[row].p_value = two_sided(means[row]);
  }
  return result;
}

std::vector<double> holm_adjusted(const std::vector<double>& p_values) {
  std::vector<std::size_t> order;
  order.reserve(p_values.size());
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (!std::isnan(p_values[i]))
      order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> adjusted(p_values.size(), std::numeric_limits<double>::quiet_NaN());
  double largest = 0;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const double factor = static_cast<double>(order.size() - place);
    largest = std::max(largest, std::min(1.0, factor * p_values[order[place]]));
    adjusted[order[place]] = largest;
  }
  return adjusted;
}

}  // namespace fairsweep::exports
