#include "results/pareto/ranks.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "results/pareto/distinct_points.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_few_pairs = 4096;

/// Ranks of points swept in the order of the first column, by their second: answers the highest rank among those
/// nowhere worse. Kept as steps that rise in both, so each point enters and leaves once. O(log n) each.
class RankStairs {
 public:
  void insert(double second, std::size_t rank) {
    auto next = steps_.upper_bound(second);
    if (next != steps_.begin() && std::prev(next)->second >= rank)
      return;
    next = steps_.lower_bound(second);
    while (next != steps_.end() && next->second <= rank)
      next = steps_.erase(next);
    steps_.emplace_hint(next, second, rank);
  }
  /// One more than the highest rank at or below `second`; 0 where there is none.
  [[nodiscard]] std::size_t next_rank(double second) const {
    const auto next = steps_.upper_bound(second);
    return next == steps_.begin() ? 0 : std::prev(next)->second + 1;
  }

 private:
  std::map<double, std::size_t> steps_;
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
    RankStairs stairs;
    for (const std::uint32_t place : places) {
      const double second = columns == 2 ? points_.at(place)[1] : 0.0;  // one column: each dominates the next
      ranks_[place] = std::max(ranks_[place], stairs.next_rank(second));
      stairs.insert(second, ranks_[place]);
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
  void between(const Places& better, const Places& worse, std::size_t columns) {
    if (better.empty() || worse.empty())
      return;
    if (better.size() * worse.size() <= k_few_pairs) {
      for (const std::uint32_t place : worse) {
        for (const std::uint32_t other : better)
          raise(other, place, columns);
      }
      return;
    }
    if (columns == 2)
      return sweep_between(better, worse);
    const double middle = about_median(points_, better, worse, columns - 1);
    const ThreeParts worse_parts = parted(points_, worse, columns - 1, middle);
    const ThreeParts better_parts = parted(points_, better, columns - 1, middle);
    const Places not_above = merged(better_parts.below, better_parts.equal);
    between(better_parts.below, worse_parts.below, columns);
    between(not_above, merged(worse_parts.equal, worse_parts.above), columns - 1);
    between(better_parts.above, worse_parts.above, columns);
  }

  void sweep_between(const Places& better, const Places& worse) {
    RankStairs stairs;
    std::size_t next = 0;
    for (const std::uint32_t place : worse) {
      const double* point = points_.at(place);
      for (; next < better.size() && points_.at(better[next])[0] <= point[0]; ++next) {
        stairs.insert(points_.at(better[next])[1], ranks_[better[next]]);
      }
      ranks_[place] = std::max(ranks_[place], stairs.next_rank(point[1]));
    }
  }

  void raise(std::size_t better, std::size_t worse, std::size_t columns) {
    if (ranks_[better] >= ranks_[worse] && nowhere_worse(points_.at(better), points_.at(worse), columns)) {
      ranks_[worse] = ranks_[better] + 1;
    }
  }

  const DistinctPoints& points_;
  std::vector<std::size_t> ranks_;
};

}  // namespace

std::vector<std::size_t> non_dominated_ranks(PointsView points) {
  const DistinctPoints distinct = distinct_points(points);
  Places all(distinct.size());
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  Ranking ranking(distinct);
  ranking.among(all, points.dimensions);
  std::vector<std::size_t> ranks(points.size());
  for (std::size_t row = 0; row < ranks.size(); ++row)
    ranks[row] = ranking.ranks()[distinct.place_of_row[row]];
  return ranks;
}

}  // namespace fairsweep::pareto
