#include "results/pareto/distinct_points.hpp"

#include <algorithm>
#include <iterator>

#include "results/pareto/check_points.hpp"
#include "results/pareto/row_order.hpp"

namespace fairsweep::pareto {
namespace {

void part(const DistinctPoints& points, const Places& places, std::size_t column, double value, ThreeParts& parts) {
  for (const std::size_t place : places) {
    const double coordinate = points.at(place)[column];
    (coordinate < value ? parts.below : coordinate > value ? parts.above : parts.equal).push_back(place);
  }
}

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
  return result;
}

ThreeParts part_at_median(const DistinctPoints& points, const Places& places, const Places& more, std::size_t column,
                          ThreeParts& parts_of_more) {
  std::vector<double> coordinates;
  coordinates.reserve(places.size() + more.size());
  for (const std::size_t place : places)
    coordinates.push_back(points.at(place)[column]);
  for (const std::size_t place : more)
    coordinates.push_back(points.at(place)[column]);
  const auto middle = coordinates.begin() + static_cast<std::ptrdiff_t>(coordinates.size() / 2);
  std::nth_element(coordinates.begin(), middle, coordinates.end());
  ThreeParts parts;
  part(points, places, column, *middle, parts);
  part(points, more, column, *middle, parts_of_more);
  return parts;
}

Places merged(const Places& a, const Places& b) {
  Places result;
  result.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

}  // namespace fairsweep::pareto
