#pragma once

#include <cstddef>
#include <vector>

namespace fairsweep::pareto {

/// Points kept eight by eight and column by column, so that one comparison of the processor takes several of them and
/// no branch depends on a single coordinate.
class PointBlocks {
 public:
  static constexpr std::size_t k_width = 8;
  static constexpr std::size_t k_none = static_cast<std::size_t>(-1);

  /// Forgets all points; those to come have so many columns.
  void clear(std::size_t columns);
  void push(const double* point);
  /// Overwrites the point at `place`.
  void put(std::size_t place, const double* point);
  /// Forgets the last one.
  void pop();
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] double at(std::size_t place, std::size_t column) const {
    return values_[place / k_width * k_width * columns_ + column * k_width + place % k_width];
  }

  /// The place of the first point that is nowhere worse than `point`, among the first `until`. O(size columns).
  [[nodiscard]] std::size_t first_nowhere_worse(const double* point, std::size_t until = k_none) const;
  /// One bit for each point of block `block`: whether `point` is nowhere worse than it. O(columns).
  [[nodiscard]] unsigned nowhere_better(std::size_t block, const double* point) const;

 private:
  std::size_t columns_ = 0, size_ = 0;
  std::vector<double> values_;  // [blocks, columns, k_width]; what is not filled is infinite
};

}  // namespace fairsweep::pareto
