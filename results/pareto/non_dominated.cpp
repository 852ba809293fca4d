#include "results/pareto/non_dominated.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "results/pareto/check_points.hpp"
#include "results/pareto/distinct_points.hpp"
#include "results/pareto/point_blocks.hpp"
#include "results/pareto/row_order.hpp"
#include "results/pareto/stairs.hpp"
#include "results/pareto/strong_points.hpp"

namespace fairsweep::pareto {
namespace {

// Pairs of points up to which comparing them all is quicker than dividing further.
constexpr std::size_t k_few_pairs = 65536;
// Rows are met in an order that memory does not foresee; they are called for this many rows before.
constexpr std::size_t k_ahead = 16;

class Filter {
 public:
  explicit Filter(const DistinctPoints& points) : points_(points) {}

  /// The non-dominated of `places` in the first `columns` columns; the points agree in all later ones.
  Places survivors(Places places, std::size_t columns) {
    if (places.size() < 2)
      return places;
    if (columns == 1)
      return {places.front()};
    if (columns == 2)
      return sweep_two(places);
    if (columns == 3)
      return sweep_three(places);
    if (places.size() * places.size() <= k_few_pairs)
      return compare_all(places, columns);
    ThreeParts parts = parted(points_, places, columns - 1, about_median(points_, places, {}, columns - 1));
    // Better in the last column: who is nowhere worse in the others dominates, so that column is done with.
    const Places best = survivors(std::move(parts.below), columns);
    const Places middle = survivors(not_below(best, std::move(parts.equal), columns - 1), columns - 1);
    Places good = merged(best, middle);
    const Places worst = survivors(not_below(good, std::move(parts.above), columns - 1), columns);
    return merged(good, worst);
  }

 private:
  Places sweep_two(const Places& places) const {
    Places kept;
    double lowest = std::numeric_limits<double>::infinity();
    for (const std::uint32_t place : places) {
      const double second = points_.at(place)[1];
      if (second < lowest) {
        lowest = second;
        kept.push_back(place);
      }
    }
    return kept;
  }

  Places sweep_three(const Places& places) const {
    Places kept;
    Stairs<double> stairs;
    for (const std::uint32_t place : places) {
      const double* point = points_.at(place);
      if (stairs.add(point[1], point[2]))
        kept.push_back(place);
    }
    return kept;
  }

  Places compare_all(const Places& places, std::size_t columns) {
    Places kept;
    blocks_.clear(columns);
    for (const std::uint32_t place : places) {
      if (blocks_.first_nowhere_worse(points_.at(place)) != PointBlocks::k_none)
        continue;
      kept.push_back(place);
      blocks_.push(points_.at(place));
    }
    return kept;
  }

  /// Those of `places` for which nobody in `better` is nowhere worse in the first `columns` columns.
  Places not_below(const Places& better, Places places, std::size_t columns) {
    if (better.empty() || places.empty())
      return places;
    if (better.size() * places.size() <= k_few_pairs) {
      blocks_.clear(columns);
      for (const std::uint32_t place : better)
        blocks_.push(points_.at(place));
      std::erase_if(places, [&](std::uint32_t place) {
        return blocks_.first_nowhere_worse(points_.at(place)) != PointBlocks::k_none;
      });
      return places;
    }
    if (columns == 3)
      return not_below_three(better, places);
    if (columns == 2)
      return not_below_two(better, places);
    const double middle = about_median(points_, better, places, columns - 1);
    ThreeParts parts = parted(points_, places, columns - 1, middle);
    const ThreeParts better_parts = parted(points_, better, columns - 1, middle);
    const Places not_worse = merged(better_parts.below, better_parts.equal);
    Places below = not_below(better_parts.below, std::move(parts.below), columns);
    Places equal = not_below(not_worse, std::move(parts.equal), columns - 1);
    Places above = not_below(not_worse, std::move(parts.above), columns - 1);
    above = not_below(better_parts.above, std::move(above), columns);
    return merged(merged(below, equal), above);
  }

  Places not_below_three(const Places& better, const Places& places) const {
    Places kept;
    Stairs<double> stairs;
    std::size_t next = 0;
    for (const std::uint32_t place : places) {
      const double* point = points_.at(place);
      for (; next < better.size() && points_.at(better[next])[0] <= point[0]; ++next)
        stairs.add(points_.at(better[next])[1], points_.at(better[next])[2]);
      if (!stairs.covers(point[1], point[2]))
        kept.push_back(place);
    }
    return kept;
  }

  Places not_below_two(const Places& better, const Places& places) const {
    Places kept;
    double lowest = std::numeric_limits<double>::infinity();
    std::size_t next = 0;
    for (const std::uint32_t place : places) {
      const double* point = points_.at(place);
      while (next < better.size() && points_.at(better[next])[0] <= point[0]) {
        lowest = std::min(lowest, points_.at(better[next++])[1]);
      }
      if (lowest > point[1])
        kept.push_back(place);
    }
    return kept;
  }

  const DistinctPoints& points_;
  PointBlocks blocks_;
};

/// Rows marked in `kept`, ascending.
std::vector<std::size_t> marked(const std::vector<std::uint8_t>& kept) {
  std::vector<std::size_t> rows;
  rows.reserve(static_cast<std::size_t>(std::count(kept.begin(), kept.end(), 1)));
  for (std::size_t row = 0; row < kept.size(); ++row) {
    if (kept[row] != 0)
      rows.push_back(row);
  }
  return rows;
}

/// Up to three columns, in one walk in lexicographic order.
std::vector<std::size_t> swept_front(PointsView points, Copies copies) {
  const std::vector<std::uint32_t> order = lexicographic_order(points);
  const double* values = points.values.data();
  const std::size_t m = points.dimensions;
  std::vector<std::uint8_t> kept(points.size(), 0);
  Stairs<double> stairs;
  double lowest = std::numeric_limits<double>::infinity();
  const double* previous = nullptr;
  bool good = false;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + k_ahead < order.size())
      __builtin_prefetch(values + order[i + k_ahead] * m);
    const std::uint32_t row = order[i];
    const double* point = values + row * m;
    if (previous != nullptr && std::equal(point, point + m, previous)) {
      kept[row] = good && copies == Copies::all ? 1 : 0;
      continue;
    }
    if (m == 1) {
      good = previous == nullptr;
    } else if (m == 2) {
      good = point[1] < lowest;
      lowest = std::min(lowest, point[1]);
    } else {
      good = stairs.add(point[1], point[2]);
    }
    previous = point;
    kept[row] = good ? 1 : 0;
  }
  return marked(kept);
}

std::vector<std::size_t> divided_front(PointsView points, Copies copies) {
  const DistinctPoints distinct = distinct_points(points);
  Places all(distinct.size());
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  std::vector<std::uint8_t> good(distinct.size(), 0), kept(points.size(), 0);
  for (const std::uint32_t place : Filter(distinct).survivors(std::move(all), points.dimensions))
    good[place] = 1;
  for (std::size_t row = 0; row < points.size(); ++row) {
    const std::size_t place = distinct.place_of_row[row];
    if (good[place] != 0 && (copies == Copies::all || distinct.first_row[place] == row))
      kept[row] = 1;
  }
  return marked(kept);
}

std::vector<std::size_t> front_of(PointsView points, Copies copies) {
  return points.dimensions <= 3 ? swept_front(points, copies) : divided_front(points, copies);
}

}  // namespace

std::vector<std::size_t> non_dominated(PointsView points, Copies copies) {
  check_points(points);
  if (points.values.empty())
    return {};
  const std::vector<std::uint32_t> rows = rows_not_below_strong_points(points);
  if (rows.size() == points.size())
    return front_of(points, copies);
  std::vector<double> values;
  values.reserve(rows.size() * points.dimensions);
  for (const std::uint32_t row : rows)
    values.insert(values.end(), points[row].begin(), points[row].end());
  std::vector<std::size_t> front = front_of({values, points.dimensions}, copies);
  for (std::size_t& row : front)
    row = rows[row];
  return front;
}

}  // namespace fairsweep::pareto
