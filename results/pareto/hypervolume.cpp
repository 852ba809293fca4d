#include "results/pareto/hypervolume.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/pareto/walking_volume.hpp"

namespace fairsweep::pareto {
namespace {

/// The non-dominated rows strictly below the reference, [n, m], each once.
std::vector<double> rows_that_count(PointsView points, std::span<const double> reference) {
  std::vector<double> below;
  for (std::size_t row = 0; row < points.size(); ++row) {
    const auto point = points[row];
    if (std::ranges::equal(point, reference, std::less<>()))
      below.insert(below.end(), point.begin(), point.end());
  }
  const PointsView view{below, points.dimensions};
  std::vector<double> rows;
  for (const std::size_t row : non_dominated(view, Copies::first))
    rows.insert(rows.end(), view[row].begin(), view[row].end());
  return rows;
}

double union_of_boxes(const std::vector<double>& corners, std::size_t dimensions) {
  const std::size_t count = corners.size() / dimensions;
  if (dimensions == 1)
    return -*std::min_element(corners.begin(), corners.end());
  if (dimensions == 2) {
    std::vector<std::pair<double, double>> pairs(count);
    for (std::size_t i = 0; i < count; ++i)
      pairs[i] = {corners[2 * i], corners[2 * i + 1]};
    return area_of(pairs);
  }
  if (dimensions == 3) {
    std::vector<Corner> triples(count);
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(corners.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, triples[i].begin());
    return VolumeSweep().volume(triples);
  }
  return WalkingVolume().volume(corners, dimensions);
}

/// Rows relative to the reference; each column is divided by a power of two so that its widest box is about 1, and
/// the sum of the exponents is returned. Halves are subtracted, because the difference itself may be too large.
int scale(const std::vector<double>& rows, std::span<const double> reference, std::vector<double>& corners) {
  const std::size_t dimensions = reference.size();
  int exponents = 0;
  for (std::size_t column = 0; column < dimensions; ++column) {
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t i = column; i < rows.size(); i += dimensions)
      lowest = std::min(lowest, rows[i]);
    const bool wide = std::isinf(reference[column] - lowest);
    const double half = wide ? 0.5 : 1.0;
    const int exponent = std::ilogb(half * reference[column] - half * lowest);
    for (std::size_t i = column; i < rows.size(); i += dimensions) {
      corners[i] = std::ldexp(half * rows[i] - half * reference[column], -exponent);
    }
    exponents += exponent + (wide ? 1 : 0);
  }
  return exponents;
}

}  // namespace

double hypervolume(PointsView points, std::span<const double> reference) {
  check_points(points);
  check_points({reference, reference.size()});
  check(points.values.empty() || points.dimensions == reference.size(),
        "points of " + std::to_string(points.dimensions) + " dimensions have no volume below a reference of " +
            std::to_string(reference.size()));
  const std::vector<double> rows = rows_that_count(points, reference);
  if (rows.empty())
    return 0;
  std::vector<double> corners(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    corners[i] = rows[i] - reference[i % reference.size()];
  const double volume = union_of_boxes(corners, reference.size());
  // Far from the ends of the number range nothing can have over- or underflown on the way that matters.
  if (std::isfinite(volume) && volume > 1e-250)
    return volume;
  const int exponents = scale(rows, reference, corners);
  return std::ldexp(union_of_boxes(corners, reference.size()), exponents);
}

}  // namespace fairsweep::pareto
