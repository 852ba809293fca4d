#include "results/pareto/ranks.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "results/pareto/distinct_points.hpp"
#include "results/pareto/point_blocks.hpp"
#include "results/pareto/stairs.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_few_pairs = 65536;
constexpr std::size_t k_worth_sorting = 8;

/// Ranks of points swept in the order of the first column, by their second: answers the highest rank among those
/// nowhere worse. Steps go up in rank as a staircase of negative ranks goes down. O(log n) each.
class RankStairs {
 public:
  void clear() { steps_.clear(); }
  void insert(double second, std::size_t rank) { steps_.add(second, -static_cast<double>(rank)); }
  /// One more than the highest rank at or below `second`; 0 where there is none.
  [[nodiscard]] std::size_t next_rank(double second) const {
    return static_cast<std::size_t>(1 - steps_.level_at(second, 1.0));
  }

 private:
  Stairs<double> steps_;
};

class Ranking {
 public:
  explicit Ranking(const DistinctPoints& points) : points_(points), ranks_(points.size(), 0) {}

  /// Raises the ranks of `places` by each other; they agree in all columns from `columns` on.
  void among(const Places& places, std::size_t columns) {
    if (places.size() < 2)
      return;
    if (columns <= 2)
      return sweep_among(places, columns);
    if (places.size() * places.size() <= k_few_pairs)
      return compare_among(places, columns);
    const ThreeParts parts = parted(points_, places, columns - 1, about_median(points_, places, {}, columns - 1));
    among(parts.below, columns);
    between(parts.below, parts.equal, columns - 1);
    among(parts.equal, columns - 1);
    between(merged(parts.below, parts.equal), parts.above, columns - 1);
    among(parts.above, columns);
  }

  [[nodiscard]] const std::vector<std::size_t>& ranks() const { return ranks_; }

 private:
  void sweep_among(const Places& places, std::size_t columns) {
    stairs_.clear();
    for (const std::uint32_t place : places) {
      const double second = columns == 2 ? points_.at(place)[1] : 0.0;  // one column: each dominates the next
      ranks_[place] = std::max(ranks_[place], stairs_.next_rank(second));
      stairs_.insert(second, ranks_[place]);
    }
  }

  void compare_among(const Places& places, std::size_t columns) {
    for (std::size_t i = 1; i < places.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        raise(places[j], places[i], columns);
    }
  }

  /// Raises the ranks of `worse` by those of `better`, which are final; who is nowhere worse in the first `columns`
  /// columns dominates.
  void between(Places better, Places worse, std::size_t columns) {
    drop_idle(better, worse);
    if (better.empty() || worse.empty())
      return;
    if (better.size() * worse.size() <= k_few_pairs)
      return compare_between(better, worse, columns);
    if (columns == 2)
      return sweep_between(better, worse);
    const double middle = about_median(points_, better, worse, columns - 1);
    const ThreeParts worse_parts = parted(points_, worse, columns - 1, middle);
    const ThreeParts better_parts = parted(points_, better, columns - 1, middle);
    const Places not_above = merged(better_parts.below, better_parts.equal);
    // The easier problem first: who is raised there is often done with.
    between(not_above, merged(worse_parts.equal, worse_parts.above), columns - 1);
    between(better_parts.below, worse_parts.below, columns);
    between(better_parts.above, worse_parts.above, columns);
  }

  /// Drops those of `worse` that are above the ranks of all of `better`, and those of `better` that can raise nobody.
  void drop_idle(Places& better, Places& worse) const {
    std::size_t highest = 0;
    for (const std::uint32_t place : better)
      highest = std::max(highest, ranks_[place]);
    std::erase_if(worse, [&](std::uint32_t place) { return ranks_[place] > highest; });
    std::size_t lowest = highest;
    for (const std::uint32_t place : worse)
      lowest = std::min(lowest, ranks_[place]);
    std::erase_if(better, [&](std::uint32_t place) { return ranks_[place] < lowest; });
  }

  /// The highest first: the first who dominates ends the search.
  void compare_between(Places& better, const Places& worse, std::size_t columns) {
    if (worse.size() < k_worth_sorting) {
      for (const std::uint32_t place : worse) {
        for (const std::uint32_t other : better)
          raise(other, place, columns);
      }
      return;
    }
    std::ranges::sort(better, [&](std::uint32_t a, std::uint32_t b) { return ranks_[a] > ranks_[b]; });
    blocks_.clear(columns);
    for (const std::uint32_t other : better)
      blocks_.push(points_.at(other));
    for (const std::uint32_t place : worse) {
      const std::size_t found = blocks_.first_nowhere_worse(points_.at(place));
      if (found != PointBlocks::k_none)
        ranks_[place] = std::max(ranks_[place], ranks_[better[found]] + 1);
    }
  }

  void sweep_between(const Places& better, const Places& worse) {
    stairs_.clear();
    std::size_t next = 0;
    for (const std::uint32_t place : worse) {
      const double* point = points_.at(place);
      for (; next < better.size() && points_.at(better[next])[0] <= point[0]; ++next) {
        stairs_.insert(points_.at(better[next])[1], ranks_[better[next]]);
      }
      ranks_[place] = std::max(ranks_[place], stairs_.next_rank(point[1]));
    }
  }

  void raise(std::size_t better, std::size_t worse, std::size_t columns) {
    if (ranks_[better] >= ranks_[worse] && nowhere_worse(points_.at(better), points_.at(worse), columns)) {
      ranks_[worse] = ranks_[better] + 1;
    }
  }

  const DistinctPoints& points_;
  std::vector<std::size_t> ranks_;
  RankStairs stairs_;
  PointBlocks blocks_;
};

/// Two columns in lexicographic order: a point is on the first front whose last point is not better in the second.
std::vector<std::size_t> ranks_of_two(const DistinctPoints& points) {
  std::vector<std::size_t> ranks(points.size());
  std::vector<double> lowest;  // of each front, ascending
  for (std::size_t place = 0; place < points.size(); ++place) {
    const double second = points.at(place)[1];
    const auto front = std::ranges::upper_bound(lowest, second);
    ranks[place] = static_cast<std::size_t>(front - lowest.begin());
    if (front == lowest.end())
      lowest.push_back(second);
    else
      *front = second;
  }
  return ranks;
}

std::vector<std::size_t> divided_ranks(const DistinctPoints& points) {
  Places all(points.size());
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  Ranking ranking(points);
  ranking.among(all, points.dimensions);
  return ranking.ranks();
}

}  // namespace

std::vector<std::size_t> non_dominated_ranks(PointsView points) {
  const DistinctPoints distinct = distinct_points(points);
  const std::vector<std::size_t> of_distinct =
      points.dimensions == 2 ? ranks_of_two(distinct) : divided_ranks(distinct);
  std::vector<std::size_t> ranks(points.size());
  for (std::size_t row = 0; row < ranks.size(); ++row)
    ranks[row] = of_distinct[distinct.place_of_row[row]];
  return ranks;
}

}  // namespace fairsweep::pareto
