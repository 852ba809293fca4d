#include "results/pareto/hypervolume.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/box_union.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/pareto/number_range.hpp"
#include "results/pareto/row_order.hpp"

namespace fairsweep::pareto {
namespace {

/// Rows strictly below the reference, [n, m], ascending in the last column; from five columns on the non-dominated ones
/// alone, each once.
std::vector<double> rows_that_count(PointsView points, std::span<const double> reference) {
  const std::size_t m = points.dimensions;
  const auto counts = [&](std::span<const double> point) {
    return std::ranges::equal(point, reference, std::less<>());
  };
  std::vector<double> rows;
  rows.reserve(points.values.size());
  if (m <= 4) {  // their sweeps pass covered points by
    for (const std::uint32_t row : ascending_order(points, m - 1)) {
      if (counts(points[row]))
        rows.insert(rows.end(), points[row].begin(), points[row].end());
    }
    return rows;
  }
  std::vector<double> below;
  below.reserve(points.values.size());
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (counts(points[row]))
      below.insert(below.end(), points[row].begin(), points[row].end());
  }
  const PointsView view{below, m};
  for (const std::size_t row : non_dominated(view, Copies::first))
    rows.insert(rows.end(), view[row].begin(), view[row].end());
  return rows;
}

template <typename Real>
Real volume_in(std::span<const double> rows, std::span<const double> reference) {
  const std::vector<Real> wide(rows.begin(), rows.end()), end(reference.begin(), reference.end());
  return BoxUnion<Real>().volume(wide.data(), rows.size() / reference.size(), reference.size(), end.data());
}

}  // namespace

double hypervolume(PointsView points, std::span<const double> reference) {
  check_points(points);
  check_points({reference, reference.size()});
  check(points.values.empty() || points.dimensions == reference.size(),
        "points of " + std::to_string(points.dimensions) + " dimensions have no volume below a reference of " +
            std::to_string(reference.size()));
  if (points.values.empty())
    return 0;
  const std::vector<double> rows = rows_that_count(points, reference);
  if (rows.empty())
    return 0;
  if (products_stay_in_range(rows, reference))
    return BoxUnion<double>().volume(rows.data(), rows.size() / reference.size(), reference.size(), reference.data());
  return static_cast<double>(volume_in<long double>(rows, reference));
}

}  // namespace fairsweep::pareto
