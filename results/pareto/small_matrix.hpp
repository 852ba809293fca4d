#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "results/pareto/random_source.hpp"

namespace fairsweep::pareto {

/// A square matrix of a few rows, row-major: covariances over the objectives. For such sizes plain loops are best.
class SmallMatrix {
 public:
  SmallMatrix() = default;
  explicit SmallMatrix(std::size_t size, double diagonal = 0);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] double& operator()(std::size_t row, std::size_t column) { return values_[row * size_ + column]; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const { return values_[row * size_ + column]; }
  /// Adds factor x vector x vector'.
  void add_outer(std::span<const double> vector, double factor);
  void add(const SmallMatrix& other, double factor);

 private:
  std::size_t size_ = 0;
  std::vector<double> values_;
};

/// Lower L with L L' = `matrix`. A pivot that is not above 1e-14 of its diagonal entry (or 1e-300) is put there, so a
/// matrix that is singular but for rounding is taken for one that barely is not. O(size^3).
[[nodiscard]] SmallMatrix cholesky(const SmallMatrix& matrix);
/// The same in place; the upper triangle is left as it was.
void factor(SmallMatrix& matrix);
/// Inverse of L L'. O(size^3).
[[nodiscard]] SmallMatrix inverse_of_factored(const SmallMatrix& lower);
/// Sum of the logarithms of the diagonal: half the log-determinant of L L'.
[[nodiscard]] double log_diagonal(const SmallMatrix& lower);
/// Solves L x = vector in place. O(size^2).
void solve_lower(const SmallMatrix& lower, std::span<double> vector);
/// Solves L' x = vector in place. O(size^2).
void solve_upper(const SmallMatrix& lower, std::span<double> vector);
/// x' M x.
[[nodiscard]] double quadratic_form(const SmallMatrix& matrix, std::span<const double> vector);

/// Wishart with `degrees` > size - 1 degrees of freedom and mean degrees x `scale` (Bartlett's decomposition).
/// O(size^3).
[[nodiscard]] SmallMatrix draw_wishart(const SmallMatrix& scale, double degrees, RandomSource& random);
/// Inverse of a Wishart with `degrees` degrees of freedom and scale inverse(`scale`); mean scale / (degrees - size -
/// 1).
[[nodiscard]] SmallMatrix draw_inverse_wishart(const SmallMatrix& scale, double degrees, RandomSource& random);

}  // namespace fairsweep::pareto
