#include "results/pareto/strong_points.hpp"

#include <algorithm>
#include <numeric>

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_worth_sampling = 1000;
constexpr std::size_t k_small_sample = 32, k_large_sample = 256;
constexpr std::size_t k_strong = 32;

/// D is the number of columns where it is known to the compiler, or 0.
template <std::size_t D>
bool below(const double* strong, const double* row, std::size_t columns) {
  if constexpr (D == 0) {
    for (std::size_t column = 0; column < columns; ++column) {
      if (strong[column] > row[column])
        return false;
    }
    return true;
  } else {
    bool nowhere_worse = true;
    for (std::size_t column = 0; column < D; ++column)
      nowhere_worse &= strong[column] <= row[column];
    return nowhere_worse;
  }
}

template <std::size_t D>
class Rounds {
 public:
  explicit Rounds(PointsView points) : values_(points.values.data()), columns_(points.dimensions) {}

  /// Drops what the strong points of a sample dominate; whether another round would pay. `rows` is empty for all.
  bool drop(std::vector<std::uint32_t>& rows, std::size_t count, bool all) {
    if (!find_strong(rows, count, all))
      return false;
    const std::size_t strong = strong_.size() / columns_;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t row = all ? static_cast<std::uint32_t>(i) : rows[i];
      const double* point = values_ + row * columns_;
      bool dropped = false;
      for (std::size_t k = 0; k < strong && !dropped; ++k) {
        const double* other = strong_.data() + k * columns_;
        dropped = below<D>(other, point, columns_) && !std::equal(point, point + columns_, other);
      }
      rows[kept] = row;
      kept += dropped ? 0 : 1;
    }
    rows.resize(kept);
    return kept * 10 < count * 8;
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
        if (a != b && below<D>(sample_.data() + a * columns_, sample_.data() + b * columns_, columns_)) {
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
    if (order.size() * 10 > count * 9)
      return false;
    std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return beaten[a] > beaten[b]; });
    order.resize(std::min(order.size(), k_strong));
    strong_.clear();
    for (const std::uint32_t a : order)
      strong_.insert(strong_.end(), sample_.data() + a * columns_, sample_.data() + (a + 1) * columns_);
    return true;
  }

  const double* values_;
  std::size_t columns_;
  std::vector<double> sample_, strong_;
};

template <std::size_t D>
std::vector<std::uint32_t> remaining(PointsView points) {
  std::vector<std::uint32_t> rows(points.size());
  Rounds<D> rounds(points);
  bool first = true;
  while (rows.size() >= k_worth_sampling && rounds.drop(rows, rows.size(), first))
    first = false;
  if (rows.size() == points.size())
    std::iota(rows.begin(), rows.end(), std::uint32_t{0});
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
