#include "workers/data/features/truncated_svd.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <random>

namespace fairsweep {
namespace {

using Dense = Eigen::MatrixXd;

RowSource rows_of(const Dense& matrix) {
  return [&matrix](std::int64_t row, SparseRow& into) {
    into.columns.clear();
    into.values.clear();
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
      if (matrix(row, column) != 0) {
        into.columns.push_back(static_cast<std::int32_t>(column));
        into.values.push_back(matrix(row, column));
      }
    }
  };
}

TruncatedSvd decompose(const Dense& matrix, std::int64_t dimensions, std::uint64_t seed = 0) {
  return truncated_svd(matrix.rows(), matrix.cols(), rows_of(matrix), dimensions, {.seed = seed});
}

Dense basis_of(const TruncatedSvd& svd, Eigen::Index columns) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(svd.basis.data(), columns, svd.dimensions);
}

/// Sparse, with singular values that fall, so that the leading ones are well apart.
Dense random_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Dense matrix(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j < columns; ++j) {
      matrix(i, j) = random() % 3 == 0 ? normal(random) / (1.0 + 0.3 * static_cast<double>(j)) : 0;
    }
  }
  return matrix;
}

TEST(TruncatedSvdTest, AgreesWithAFullDecomposition) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Dense matrix = random_matrix(80, 60, seed);
    const Eigen::JacobiSVD<Dense> full(matrix, Eigen::ComputeThinV);
    const TruncatedSvd svd = decompose(matrix, 6, seed);
    ASSERT_EQ(svd.dimensions, 6);
    for (Eigen::Index k = 0; k < 6; ++k) {
      EXPECT_NEAR(svd.singular_values[static_cast<std::size_t>(k)] / full.singularValues()[k], 1, 1e-5);
    }
    // The cosine of the largest angle between the two spaces.
    const Dense between = full.matrixV().leftCols(6).transpose() * basis_of(svd, 60);
    EXPECT_GT(Eigen::JacobiSVD<Dense>(between).singularValues().minCoeff(), 1 - 1e-5);
  }
}

TEST(TruncatedSvdTest, IsExactWhereTheRankIsLow) {
  const Dense matrix = random_matrix(50, 4, 7) * random_matrix(4, 90, 8);
  const Eigen::JacobiSVD<Dense> full(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const TruncatedSvd svd = decompose(matrix, 20);
  ASSERT_EQ(svd.dimensions, 4);
  const Dense basis = basis_of(svd, 90);
  EXPECT_LT((matrix - matrix * basis * basis.transpose()).norm(), 1e-9 * matrix.norm());
  for (Eigen::Index k = 0; k < 4; ++k) {
    EXPECT_NEAR(std::abs(full.matrixV().col(k).dot(basis.col(k))), 1, 1e-9);
  }
}

TEST(TruncatedSvdTest, BasisIsOrthonormalAndItsSignsAreSettled) {
  const Dense basis = basis_of(decompose(random_matrix(40, 30, 3), 8), 30);
  EXPECT_LT((basis.transpose() * basis - Dense::Identity(8, 8)).norm(), 1e-12);
  for (Eigen::Index column = 0; column < 8; ++column) {
    Eigen::Index largest = 0;
    basis.col(column).cwiseAbs().maxCoeff(&largest);
    EXPECT_GT(basis(largest, column), 0);
  }
}

TEST(TruncatedSvdTest, SameInputSameBitsAndOtherSeedsTheSameDirections) {
  const Dense matrix = random_matrix(60, 12, 4);  // all columns fit in the range: exact whatever the seed
  const TruncatedSvd first = decompose(matrix, 5, 1);
  EXPECT_EQ(first.basis, decompose(matrix, 5, 1).basis);
  EXPECT_EQ(first.singular_values, decompose(matrix, 5, 1).singular_values);
  const TruncatedSvd other = decompose(matrix, 5, 2);
  EXPECT_LT((basis_of(first, 12) - basis_of(other, 12)).norm(), 1e-9);
}

TEST(TruncatedSvdTest, OrderOfRowsDoesNotMatter) {
  const Dense matrix = random_matrix(60, 12, 5);
  const Dense basis = basis_of(decompose(matrix, 5), 12);
  EXPECT_LT((basis - basis_of(decompose(matrix.colwise().reverse(), 5), 12)).norm(), 1e-9);
}

TEST(TruncatedSvdTest, DegenerateMatrices) {
  EXPECT_EQ(decompose(Dense::Zero(5, 4), 3).dimensions, 0);
  EXPECT_EQ(decompose(Dense(0, 4), 3).dimensions, 0);
  EXPECT_EQ(decompose(Dense(4, 0), 3).dimensions, 0);
  EXPECT_EQ(decompose(Dense::Ones(4, 3), 0).dimensions, 0);
  const TruncatedSvd ones = decompose(Dense::Ones(4, 9), 3);
  ASSERT_EQ(ones.dimensions, 1);
  EXPECT_NEAR(ones.singular_values[0], 6, 1e-12);  // the root of 4 * 9
  const TruncatedSvd one_row = decompose(Eigen::RowVectorXd::LinSpaced(5, -2, 2), 3);
  ASSERT_EQ(one_row.dimensions, 1);
  EXPECT_NEAR(one_row.singular_values[0], std::sqrt(10.0), 1e-12);
}

}  // namespace
}  // namespace fairsweep
