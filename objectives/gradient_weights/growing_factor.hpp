#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fairsweep {

/// M = L D L^T of a symmetric matrix that grows by a row at a time: unit lower triangle L, diagonal D.
class GrowingFactor {
 public:
  explicit GrowingFactor(std::size_t capacity);

  [[nodiscard]] std::size_t size() const { return size_; }
  void clear() { size_ = 0; }

  /// Tries on a row.
  /// @param row  [size() + 1], the last one on the diagonal
  /// @returns its pivot in D: what is left of the diagonal entry beside the rows before; 0 up to rounding for a row
  ///          that depends on them. O(size^2).
  [[nodiscard]] double stage(std::span<const double> row);
  /// M^-1 times the row tried on, without its last entry. [size()]. O(size^2).
  [[nodiscard]] std::vector<double> combination() const;
  /// Keeps the row tried on. Its pivot is not 0.
  void accept() { ++size_; }

  /// M^-1 times `right` [size()]. O(size^2).
  [[nodiscard]] std::vector<double> solve(std::span<const double> right) const;

 private:
  [[nodiscard]] const double* row(std::size_t index) const { return lower_.data() + index * capacity_; }
  void solve_upper(std::vector<double>& right) const;

  std::size_t capacity_;
  std::size_t size_ = 0;
  std::vector<double> lower_;  ///< [capacity, capacity], below the diagonal
  std::vector<double> pivots_;
};

}  // namespace fairsweep
