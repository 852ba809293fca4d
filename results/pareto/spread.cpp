#include "results/pareto/spread.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "results/pareto/check_points.hpp"
#include "results/pareto/column_ranges.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

std::vector<double> front_of(PointsView points) {
  std::vector<double> front;
  for (const std::size_t row : non_dominated(points, Copies::first))
    front.insert(front.end(), points[row].begin(), points[row].end());
  return front;
}

double distance(const ColumnRanges& ranges, std::span<const double> a, std::span<const double> b) {
  double square = 0;
  for (std::size_t column = 0; column < a.size(); ++column) {
    if (ranges.constant(column))
      continue;
    const double gap = ranges.share(column, a[column]) - ranges.share(column, b[column]);
    square += gap * gap;
  }
  return std::sqrt(square);
}

/// The reference set's best point in a column.
std::span<const double> best_in(PointsView points, std::size_t column) {
  std::size_t best = 0;
  for (std::size_t row = 1; row < points.size(); ++row) {
    const double value = points[row][column], least = points[best][column];
    if (value < least || (value == least && std::ranges::lexicographical_compare(points[row], points[best])))
      best = row;
  }
  return points[best];
}

}  // namespace

double spread(PointsView points, PointsView reference) {
  constexpr double k_undefined = std::numeric_limits<double>::quiet_NaN();
  check_points(points);
  if (!reference.values.empty())
    check_comparable(points, reference);
  const std::vector<double> values = front_of(points);
  const PointsView front{values, points.dimensions};
  const std::size_t n = front.size();
  if (n < 2)
    return k_undefined;
  const ColumnRanges ranges = column_ranges(reference.values.empty() ? front : reference);
  std::vector<double> nearest(n, std::numeric_limits<double>::infinity());
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double apart = distance(ranges, front[a], front[b]);
      nearest[a] = std::min(nearest[a], apart);
      nearest[b] = std::min(nearest[b], apart);
    }
  }
  double mean = 0;
  for (const double d : nearest)
    mean += d / static_cast<double>(n);
  double uneven = 0;
  for (const double d : nearest)
    uneven += std::abs(d - mean);
  double ends = 0;
  for (std::size_t column = 0; !reference.values.empty() && column < reference.dimensions; ++column) {
    double gap = std::numeric_limits<double>::infinity();
    const std::span<const double> best = best_in(reference, column);
    for (std::size_t row = 0; row < n; ++row)
      gap = std::min(gap, distance(ranges, best, front[row]));
    ends += gap;
  }
  const double whole = ends + static_cast<double>(n) * mean;
  return whole > 0 ? (ends + uneven) / whole : k_undefined;
}

}  // namespace fairsweep::pareto
