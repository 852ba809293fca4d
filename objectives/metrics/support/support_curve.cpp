#include "objectives/metrics/support/support_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/inequality/standard_deviation.hpp"
#include "objectives/metrics/support/correlation.hpp"

namespace fairsweep::fairness {
namespace {

constexpr std::size_t k_bins = 10;
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

SupportBin bin_of(std::span<const double> support, std::span<const double> values) {
  SupportBin bin;
  bin.people = values.size();
  bin.support = mean_of(support);
  bin.low = support.front();
  bin.high = support.back();
  bin.mean = mean_of(values);
  bin.standard_error =
      values.size() > 1 ? standard_deviation(values) / std::sqrt(static_cast<double>(values.size() - 1)) : k_nan;
  return bin;
}

}  // namespace

SupportCurve support_curve(std::span<const double> all_support, std::span<const double> all_values) {
  std::vector<std::pair<double, double>> known;
  for (std::size_t i = 0; i < all_support.size(); ++i) {
    if (std::isfinite(all_support[i]) && std::isfinite(all_values[i])) {
      known.emplace_back(all_support[i], all_values[i]);
    }
  }
  std::ranges::sort(known);
  SupportCurve curve;
  curve.people = known.size();
  curve.slope = curve.correlation = curve.pearson = k_nan;
  if (known.empty()) {
    return curve;
  }
  std::vector<double> support, values;
  support.reserve(known.size());
  values.reserve(known.size());
  for (const auto& [rate, value] : known) {
    support.push_back(rate);
    values.push_back(value);
  }
  curve.slope = least_squares_slope(support, values);
  curve.correlation = spearman_correlation(support, values);
  curve.pearson = pearson_correlation(support, values);
  for (std::size_t from = 0, bin = 1; from < known.size(); ++bin) {
    std::size_t to = std::max(from + 1, bin * known.size() / k_bins);
    while (to < known.size() && support[to] == support[to - 1]) {
      ++to;
    }
    curve.bins.push_back(
        bin_of(std::span(support).subspan(from, to - from), std::span(values).subspan(from, to - from)));
    from = to;
    while (bin < k_bins && (bin + 1) * known.size() / k_bins <= from) {
      ++bin;  // equal rates filled the next bins as well
    }
  }
  return curve;
}

}  // namespace fairsweep::fairness
