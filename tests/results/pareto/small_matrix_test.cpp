#include "results/pareto/small_matrix.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/results/pareto/stream_source.hpp"

namespace fairsweep::pareto {
namespace {

SmallMatrix example() {
  SmallMatrix matrix(3);
  const std::array<std::array<double, 3>, 3> rows = {{{4, 2, -2}, {2, 5, 3}, {-2, 3, 9}}};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j)
      matrix(i, j) = rows[i][j];
  }
  return matrix;
}

TEST(SmallMatrix, FactorsAsByHand) {
  const SmallMatrix lower = cholesky(example());
  // 4 = 2^2; 2 = 2 x 1, -2 = 2 x -1; 5 = 1 + 4; 3 = -1 + 2 x 2; 9 = 1 + 4 + 4.
  const std::array<std::array<double, 3>, 3> expected = {{{2, 0, 0}, {1, 2, 0}, {-1, 2, 2}}};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_DOUBLE_EQ(lower(i, j), expected[i][j]) << i << ' ' << j;
  }
  EXPECT_DOUBLE_EQ(log_diagonal(lower), 3 * std::log(2.0));
}

TEST(SmallMatrix, InverseAndSolutionsFitTheMatrix) {
  const SmallMatrix matrix = example(), inverse = inverse_of_factored(cholesky(matrix));
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < 3; ++k)
        product += matrix(i, k) * inverse(k, j);
      EXPECT_NEAR(product, i == j ? 1 : 0, 1e-13);
    }
  }
  std::array<double, 3> vector = {1, -2, 3};
  EXPECT_DOUBLE_EQ(quadratic_form(matrix, vector), 4 + 20 + 81 + 2 * (-4.0 - 6 - 18));
  solve_lower(cholesky(matrix), vector);
  EXPECT_DOUBLE_EQ(vector[0], 0.5);
  EXPECT_DOUBLE_EQ(vector[1], -1.25);
  EXPECT_DOUBLE_EQ(vector[2], 3);
}

TEST(SmallMatrix, SingularMatricesStayFinite) {
  SmallMatrix flat(2);
  flat.add_outer(std::array<double, 2>{1, 2}, 3);
  const SmallMatrix lower = cholesky(flat);
  EXPECT_GT(lower(1, 1), 0);
  EXPECT_NEAR(lower(1, 1), 0, 1e-5);
  EXPECT_GT(cholesky(SmallMatrix(2))(0, 0), 0);
}

TEST(SmallMatrix, WishartDrawsHaveTheirMeans) {
  constexpr std::uint64_t k_seed = 11;
  test::StreamSource random(k_seed, 0);
  constexpr int k_draws = 4000;
  SmallMatrix direct(3), inverse(3);
  for (int draw = 0; draw < k_draws; ++draw) {
    direct.add(draw_wishart(example(), 9, random), 1.0 / k_draws);
    inverse.add(draw_inverse_wishart(example(), 9, random), 1.0 / k_draws);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(direct(i, j), 9 * example()(i, j), 2.5) << "seed " << k_seed;  // standard errors below 0.6
      EXPECT_NEAR(inverse(i, j), example()(i, j) / (9 - 3 - 1), 0.15) << "seed " << k_seed;  // below 0.04
    }
  }
}

}  // namespace
}  // namespace fairsweep::pareto
