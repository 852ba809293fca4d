#include "objectives/metrics/support/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/mean.hpp"

namespace fairsweep::fairness {
namespace {

/// Sums of products of deviations from the means.
struct Products {
  double xx = 0, xy = 0, yy = 0;
};

Products products_of(std::span<const double> x, std::span<const double> y) {
  check(x.size() == y.size(), "two quantities of the same people differ in number");
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  Products products;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products.xx += (x[i] - mean_x) * (x[i] - mean_x);
    products.xy += (x[i] - mean_x) * (y[i] - mean_y);
    products.yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return products;
}

/// Equal numbers can leave a rounding error of their mean, which is no spread.
bool all_equal(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

}  // namespace

std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]]) {
      ++to;
    }
    for (std::size_t i = from; i < to; ++i) {
      ranks[order[i]] = static_cast<double>(from + to + 1) / 2;
    }
    from = to;
  }
  return ranks;
}

double least_squares_slope(std::span<const double> x, std::span<const double> y) {
  const Products products = products_of(x, y);
  return products.xx > 0 && !all_equal(x) ? products.xy / products.xx : std::nan("");
}

double pearson_correlation(std::span<const double> x, std::span<const double> y) {
  const Products products = products_of(x, y);
  const double both = std::sqrt(products.xx) * std::sqrt(products.yy);
  return both > 0 && !all_equal(x) && !all_equal(y) ? std::clamp(products.xy / both, -1.0, 1.0) : std::nan("");
}

double spearman_correlation(std::span<const double> x, std::span<const double> y) {
  return pearson_correlation(mid_ranks(x), mid_ranks(y));
}

}  // namespace fairsweep::fairness
