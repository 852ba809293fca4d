#include "results/pareto/strong_points.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "results/pareto/point_blocks.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_worth_sampling = 1000;
constexpr std::size_t k_small_sample = 32, k_large_sample = 512;
// Two and three columns are swept quickly, so that a round has to drop most of the rows there.
constexpr std::size_t k_strong_where_swept = 8, k_strong = 48;
constexpr std::size_t k_block = 512;
constexpr std::size_t k_many_of = 8;  // a strong point that drops one row in so many is worth a pass of its own

/// D is the number of columns where it is known to the compiler, or 0.
template <std::size_t D>
bool strictly_below(const double* strong, const double* row, std::size_t columns) {
  const std::size_t count = D == 0 ? columns : D;
  bool nowhere_worse = true, better = false;
  for (std::size_t column = 0; column < count; ++column) {
    if (D == 0 && !nowhere_worse)
      return false;
    nowhere_worse = nowhere_worse & (strong[column] <= row[column]);
    better = better | (strong[column] < row[column]);
  }
  return nowhere_worse & better;
}

template <std::size_t D>
class Rounds {
 public:
  explicit Rounds(PointsView points) : values_(points.values.data()), columns_(points.dimensions) {}

  /// Drops what the strong points of a sample dominate; whether another round would pay. `rows` is empty for all.
  bool drop(std::vector<std::uint32_t>& rows, std::size_t count, bool all) {
    if (!find_strong(rows, count, all))
      return false;
    // A block of rows against one strong point after the other, without branches that depend on coordinates, while each
    // drops many; what is left, row by row against eight strong points at once.
    const std::size_t strong = strong_.size() / columns_;
    std::array<std::uint32_t, k_block> block;
    std::size_t kept = 0;
    for (std::size_t from = 0; from < count; from += k_block) {
      std::size_t left = std::min(k_block, count - from);
      if (all)
        std::iota(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(left), static_cast<std::uint32_t>(from));
      else
        std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(from), left, block.begin());
      bool many = true;
      for (std::size_t k = 0; k < strong && many; ++k) {
        const double* other = strong_.data() + k * columns_;
        std::size_t out = 0;
        for (std::size_t i = 0; i < left; ++i) {
          const std::uint32_t row = block[i];
          block[out] = row;
          out += strictly_below<D>(other, values_ + row * columns_, columns_) ? 0 : 1;
        }
        many = out > 0 && out * k_many_of < left * (k_many_of - 1);
        left = out;
      }
      std::size_t out = 0;
      for (std::size_t i = 0; i < left; ++i) {
        const std::uint32_t row = block[i];
        block[out] = row;
        out += below_any(values_ + row * columns_) ? 0 : 1;
      }
      left = out;
      if (rows.size() < kept + left)
        rows.resize(kept + left);
      std::copy_n(block.begin(), left, rows.begin() + static_cast<std::ptrdiff_t>(kept));
      kept += left;
    }
    rows.resize(kept);
    return columns_ <= 3 ? kept * 4 < count : kept * 10 < count * 8;
  }

 private:
  /// Those of a sample that dominate most of it, the strongest first. False where they dominate too little of it.
  bool find_strong(const std::vector<std::uint32_t>& rows, std::size_t rows_left, bool all) {
    const std::size_t wanted = std::clamp(rows_left / 64, k_small_sample, k_large_sample);
    const std::size_t step = std::max<std::size_t>(rows_left / wanted, 1);
    sample_.clear();
    for (std::size_t i = 0; i < rows_left && sample_.size() < wanted * columns_; i += step) {
      const double* point = values_ + (all ? i : rows[i]) * columns_;
      sample_.insert(sample_.end(), point, point + columns_);
    }
    const std::size_t count = sample_.size() / columns_;
    std::vector<std::uint32_t> beaten(count, 0), order;
    std::vector<bool> lost(count, false);
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count && !lost[a]; ++b) {
        if (a != b && strictly_below<D>(sample_.data() + a * columns_, sample_.data() + b * columns_, columns_)) {
          lost[b] = true;
          ++beaten[a];
        }
      }
    }
    order.reserve(count);
    for (std::size_t a = 0; a < count; ++a) {
      if (!lost[a])
        order.push_back(static_cast<std::uint32_t>(a));
    }
    if (order.size() * 10 > count * (columns_ <= 3 ? 5 : 9))
      return false;
    std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return beaten[a] > beaten[b]; });
    order.resize(std::min(order.size(), columns_ <= 3 ? k_strong_where_swept : k_strong));
    strong_.clear();
    for (const std::uint32_t a : order)
      strong_.insert(strong_.end(), sample_.data() + a * columns_, sample_.data() + (a + 1) * columns_);
    blocks_.clear(columns_);
    for (std::size_t k = 0; k < order.size(); ++k)
      blocks_.push(strong_.data() + k * columns_);
    return true;
  }

  /// A strong point is nowhere worse and not the same: the strong do not dominate each other, so that no other one
  /// dominates a copy.
  bool below_any(const double* row) const {
    const std::size_t place = blocks_.first_nowhere_worse(row);
    return place != PointBlocks::k_none && !std::equal(row, row + columns_, strong_.data() + place * columns_);
  }

  const double* values_;
  std::size_t columns_;
  std::vector<double> sample_, strong_;
  PointBlocks blocks_;  // the strong once more
};

template <std::size_t D>
std::vector<std::uint32_t> remaining(PointsView points) {
  std::vector<std::uint32_t> rows;
  Rounds<D> rounds(points);
  std::size_t count = points.size();
  bool dropped = false, more = true;
  while (more && count >= k_worth_sampling) {
    more = rounds.drop(rows, count, !dropped);
    dropped = dropped || !rows.empty();
    count = dropped ? rows.size() : count;
  }
  if (!dropped) {
    rows.resize(count);
    std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  }
  return rows;
}

}  // namespace

std::vector<std::uint32_t> rows_not_below_strong_points(PointsView points) {
  switch (points.dimensions) {
    case 2:
      return remaining<2>(points);
    case 3:
      return remaining<3>(points);
    case 4:
      return remaining<4>(points);
    case 5:
      return remaining<5>(points);
    case 6:
      return remaining<6>(points);
    default:
      return remaining<0>(points);
  }
}

}  // namespace fairsweep::pareto
