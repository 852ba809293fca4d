#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fairsweep {

/// A small square matrix of doubles, row-major. Zero at first.
class SquareMatrix {
 public:
  explicit SquareMatrix(std::size_t size) : size_(size), values_(size * size, 0.0) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] double& operator()(std::size_t row, std::size_t column) { return values_[row * size_ + column]; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const { return values_[row * size_ + column]; }
  [[nodiscard]] std::span<const double> row(std::size_t row) const {
    return std::span<const double>(values_).subspan(row * size_, size_);
  }

 private:
  std::size_t size_;
  std::vector<double> values_;
};

/// Sum of products, first to last. The spans have one length.
[[nodiscard]] inline double dot(std::span<const double> left, std::span<const double> right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    sum += left[i] * right[i];
  }
  return sum;
}

/// matrix * vector. O(size^2).
[[nodiscard]] inline std::vector<double> product(const SquareMatrix& matrix, std::span<const double> vector) {
  std::vector<double> result(matrix.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = dot(matrix.row(i), vector);
  }
  return result;
}

}  // namespace fairsweep
