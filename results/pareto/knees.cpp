#include "results/pareto/knees.hpp"

#include <cmath>

#include "results/pareto/check_points.hpp"
#include "results/pareto/column_ranges.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

constexpr double k_flat = 1e-9;  // nearer to the plane than this is on it, rounding included

}  // namespace

Knees knees(PointsView points) {
  check_points(points);
  Knees result;
  const std::vector<std::size_t> front = non_dominated(points, Copies::all);
  if (front.empty())
    return result;
  std::vector<double> values;
  for (const std::size_t row : front)
    values.insert(values.end(), points[row].begin(), points[row].end());
  const ColumnRanges ranges = column_ranges({values, points.dimensions});
  double columns = 0;
  for (std::size_t column = 0; column < points.dimensions; ++column)
    columns += ranges.constant(column) ? 0 : 1;
  if (columns < 2)
    return result;
  for (const std::size_t row : front) {
    double sum = 0;
    for (std::size_t column = 0; column < points.dimensions; ++column)
      sum += ranges.constant(column) ? 0 : ranges.share(column, points[row][column]);
    const double distance = (1 - sum) / std::sqrt(columns);
    if (distance < k_flat || distance < result.distance)
      continue;
    if (distance > result.distance)
      result.rows.clear();
    result.rows.push_back(row);
    result.distance = distance;
  }
  return result;
}

}  // namespace fairsweep::pareto
