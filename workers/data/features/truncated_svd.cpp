#include "workers/data/features/truncated_svd.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep {

namespace {

// Row-major: a sparse row meets whole rows of these.
using Tall = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

class Matrix {
 public:
  Matrix(std::int64_t rows, std::int64_t columns, const RowSource& source)
      : rows_(rows), columns_(columns), source_(source) {}

  /// A x.
  [[nodiscard]] Tall times(const Tall& x) {
    Tall product = Tall::Zero(rows_, x.cols());
    for (std::int64_t row = 0; row < rows_; ++row) {
      source_(row, entries_);
      for (std::size_t entry = 0; entry < entries_.columns.size(); ++entry) {
        product.row(row) += entries_.values[entry] * x.row(entries_.columns[entry]);
      }
    }
    return product;
  }

  /// A transposed, times y.
  [[nodiscard]] Tall transposed_times(const Tall& y) {
    Tall product = Tall::Zero(columns_, y.cols());
    for (std::int64_t row = 0; row < rows_; ++row) {
      source_(row, entries_);
      for (std::size_t entry = 0; entry < entries_.columns.size(); ++entry) {
        product.row(entries_.columns[entry]) += entries_.values[entry] * y.row(row);
      }
    }
    return product;
  }

 private:
  std::int64_t rows_;
  std::int64_t columns_;
  const RowSource& source_;
  SparseRow entries_;
};

Tall normal_numbers(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  RandomStream random(seed, 0, 0, Purpose::initialisation);
  Tall numbers(rows, columns);
  for (std::int64_t i = 0; i < numbers.size(); ++i) {
    numbers.data()[i] = random.normal();
  }
  return numbers;
}

struct Factors {
  Tall q;
  Eigen::MatrixXd r;
};

Factors orthonormal(const Tall& matrix) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(matrix);
  const Eigen::Index width = matrix.cols();
  Factors factors;
  factors.r = qr.matrixQR().topRows(width).triangularView<Eigen::Upper>();
  factors.q = qr.householderQ() * Eigen::MatrixXd::Identity(matrix.rows(), width);
  return factors;
}

// A direction may point either way; this settles which.
void settle_signs(Tall& basis) {
  for (Eigen::Index column = 0; column < basis.cols(); ++column) {
    Eigen::Index largest = 0;
    for (Eigen::Index row = 1; row < basis.rows(); ++row) {
      if (std::abs(basis(row, column)) > std::abs(basis(largest, column))) {
        largest = row;
      }
    }
    if (basis(largest, column) < 0) {
      basis.col(column) = -basis.col(column);
    }
  }
}

}  // namespace

TruncatedSvd truncated_svd(std::int64_t rows, std::int64_t columns, const RowSource& source, std::int64_t dimensions,
                           const SvdSettings& settings) {
  check(rows >= 0 && columns >= 0 && dimensions >= 0, "a decomposition needs sizes");
  TruncatedSvd result;
  const std::int64_t width = std::min({dimensions + settings.oversampling, rows, columns});
  if (width == 0 || dimensions == 0) {
    return result;
  }
  Matrix matrix(rows, columns, source);
  Tall range = orthonormal(matrix.times(normal_numbers(columns, width, settings.seed))).q;
  for (std::int64_t iteration = 0; iteration < settings.power_iterations; ++iteration) {
    const Tall other_side = orthonormal(matrix.transposed_times(range)).q;
    range = orthonormal(matrix.times(other_side)).q;
  }
  // A is about Q B with B = Q' A; B' = Q2 R, so the singular vectors of R' turned by Q2 are those of B.
  const Factors factors = orthonormal(matrix.transposed_times(range));
  const Eigen::JacobiSVD<Eigen::MatrixXd> small(factors.r, Eigen::ComputeFullU);
  constexpr double k_zero = 1e-6;
  const Eigen::VectorXd& values = small.singularValues();
  Eigen::Index kept = 0;
  while (kept < std::min<Eigen::Index>(dimensions, values.size()) && values[kept] > 0 &&
         values[kept] > k_zero * values[0]) {
    ++kept;
  }
  Tall basis = factors.q * small.matrixU().leftCols(kept);
  settle_signs(basis);
  result.dimensions = kept;
  result.singular_values.assign(values.data(), values.data() + kept);
  result.basis.assign(basis.data(), basis.data() + basis.size());
  return result;
}

}  // namespace fairsweep
