#include "results/pareto/distinct_points.hpp"

#include <algorithm>
#include <iterator>

#include "results/pareto/check_points.hpp"
#include "results/pareto/row_order.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_median_sample = 255;

}  // namespace

DistinctPoints distinct_points(PointsView points) {
  check_points(points);
  DistinctPoints result;
  result.dimensions = points.dimensions;
  const std::size_t rows = points.size();
  const std::vector<std::uint32_t> order = lexicographic_order(points);
  result.place_of_row.resize(rows);
  result.values.reserve(points.values.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = points[order[i]];
    if (i == 0 || !std::ranges::equal(row, points[order[i - 1]])) {
      result.first_row.push_back(order[i]);
      result.values.insert(result.values.end(), row.begin(), row.end());
    }
    result.place_of_row[order[i]] = result.first_row.size() - 1;
  }
  result.columns.resize(result.values.size());
  const std::size_t m = result.dimensions, distinct = result.size();
  for (std::size_t place = 0; place < distinct; ++place) {
    for (std::size_t column = 0; column < m; ++column)
      result.columns[column * distinct + place] = result.values[place * m + column];
  }
  return result;
}

ThreeParts parted(const DistinctPoints& points, const Places& places, std::size_t column, double value) {
  const double* coordinates = points.column(column);
  const std::size_t count = places.size();
  ThreeParts parts{Places(count), Places(count), Places(count)};
  std::size_t below = 0, equal = 0, above = 0;
  for (const std::uint32_t place : places) {
    const double coordinate = coordinates[place];
    parts.below[below] = parts.equal[equal] = parts.above[above] = place;
    below += coordinate < value ? 1 : 0;
    equal += coordinate == value ? 1 : 0;
    above += coordinate > value ? 1 : 0;
  }
  parts.below.resize(below);
  parts.equal.resize(equal);
  parts.above.resize(above);
  return parts;
}

double about_median(const DistinctPoints& points, const Places& places, const Places& more, std::size_t column) {
  const double* coordinates = points.column(column);
  const std::size_t count = places.size() + more.size();
  const std::size_t step = std::max<std::size_t>(count / k_median_sample, 1);
  std::vector<double> sample;
  sample.reserve(count / step + 1);
  for (std::size_t i = 0; i < count; i += step)
    sample.push_back(coordinates[i < places.size() ? places[i] : more[i - places.size()]]);
  const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
  std::nth_element(sample.begin(), middle, sample.end());
  return *middle;
}

Places merged(const Places& a, const Places& b) {
  Places result;
  result.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

}  // namespace fairsweep::pareto
