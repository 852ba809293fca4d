#include "objectives/gradient_weights/non_negative_quadratic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "tests/objectives/gradient_weights/jacobians.hpp"
#include "tests/objectives/gradient_weights/small_system.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

/// In long double: entries of 1e5 may cancel.
double value_of(const SquareMatrix& matrix, const std::vector<double>& linear, const std::vector<double>& at) {
  long double value = 0;
  for (std::size_t i = 0; i < at.size(); ++i) {
    long double force = 0;
    for (std::size_t j = 0; j < at.size(); ++j) {
      force += static_cast<long double>(matrix(i, j)) * at[j];
    }
    value += at[i] * (0.5L * force - linear[i]);
  }
  return static_cast<double>(value);
}

/// The least value over every choice of free entries, each solved as a linear system.
double least_by_enumeration(const SquareMatrix& matrix, const std::vector<double>& linear) {
  const std::size_t count = linear.size();
  double least = 0;
  for (unsigned bits = 1; bits < 1U << count; ++bits) {
    const auto free = members(bits, count);
    std::vector<std::vector<long double>> rows;
    rows.reserve(free.size());
    for (const std::size_t i : free) {
      auto& row = rows.emplace_back();
      row.reserve(free.size() + 1);
      for (const std::size_t j : free) {
        row.push_back(matrix(i, j));
      }
      row.push_back(linear[i]);
    }
    const auto solution = solved(std::move(rows), 1e-13L);
    if (!solution || std::any_of(solution->begin(), solution->end(), [](double value) { return value < 0; })) {
      continue;
    }
    std::vector<double> at(count, 0.0);
    for (std::size_t k = 0; k < free.size(); ++k) {
      at[free[k]] = (*solution)[k];
    }
    least = std::min(least, value_of(matrix, linear, at));
  }
  return least;
}

/// b that lies in the range of the cosines: the products of the gradients with some vector of length 1.
std::vector<double> consistent_target(const Jacobian& jacobian, std::uint32_t seed) {
  RandomStream random(seed, 7, 0, Purpose::bootstrap);
  std::vector<double> target(jacobian.rows.front().size());
  for (double& value : target) {
    value = random.normal();
  }
  const double size = length(target);
  std::vector<double> result;
  result.reserve(jacobian.losses());
  for (const auto& row : jacobian.rows) {
    if (length(row) > 0) {
      result.push_back(inner(row, target) / length(row) / size);
    }
  }
  return result;
}

void expect_optimal(const SquareMatrix& matrix, const std::vector<double>& linear, const std::vector<double>& at) {
  const auto forces = product(matrix, at);
  const double sum = std::accumulate(at.begin(), at.end(), 1.0);
  for (std::size_t i = 0; i < at.size(); ++i) {
    EXPECT_GE(at[i], 0);
    EXPECT_GE(forces[i] - linear[i], -2e-7) << i;
    EXPECT_LE(at[i] * std::abs(forces[i] - linear[i]), 1e-13 * sum * sum) << i;
  }
}

TEST(NonNegativeMinimum, HasACertificateOnNastyMatrices) {
  for (const auto& jacobian : random_jacobians(10, 12)) {
    SCOPED_TRACE(jacobian.name);
    const auto gramian = gramian_of(jacobian);
    if (gramian.present().empty()) {
      continue;
    }
    const auto linear = consistent_target(jacobian, 1);
    const auto minimum = non_negative_minimum(gramian.gradients().cosines, linear);
    EXPECT_TRUE(minimum.bounded);
    expect_optimal(gramian.gradients().cosines, linear, minimum.at);
  }
}

TEST(NonNegativeMinimum, AgreesWithEnumeration) {
  for (const auto& jacobian : random_jacobians(6, 12)) {
    SCOPED_TRACE(jacobian.name);
    const auto gramian = gramian_of(jacobian);
    if (gramian.present().empty()) {
      continue;
    }
    const auto& cosines = gramian.gradients().cosines;
    const auto linear = consistent_target(jacobian, 2);
    const auto at = non_negative_minimum(cosines, linear).at;
    const double sum = std::accumulate(at.begin(), at.end(), 0.0);  // up to 1e6 where columns nearly depend
    EXPECT_NEAR(value_of(cosines, linear, at), least_by_enumeration(cosines, linear), 1e-13 + 5e-20 * sum * sum);
  }
}

// b outside the range of M, where the columns that depend on each other have to change places.
TEST(NonNegativeMinimum, AgreesWithEnumerationWhereColumnsDepend) {
  int bounded = 0, unbounded = 0;
  for (const Nasty kind : {Nasty::copies, Nasty::dependent, Nasty::opposed, Nasty::cancelling, Nasty::whole}) {
    for (std::size_t losses = 2; losses <= 6; ++losses) {
      for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        const auto jacobian = random_jacobian(kind, losses, seed);
        SCOPED_TRACE(jacobian.name);
        const auto gramian = gramian_of(jacobian);
        if (gramian.present().empty()) {
          continue;
        }
        const auto& cosines = gramian.gradients().cosines;
        RandomStream random(seed, 8, 0, Purpose::bootstrap);
        std::vector<double> linear(cosines.size());
        for (double& value : linear) {
          value = random.uniform() - 0.4;
        }
        const auto minimum = non_negative_minimum(cosines, linear);
        if (minimum.bounded) {
          ++bounded;
          expect_optimal(cosines, linear, minimum.at);
          EXPECT_NEAR(value_of(cosines, linear, minimum.at), least_by_enumeration(cosines, linear), 1e-11);
          continue;
        }
        ++unbounded;
        // A ray: z >= 0 with M z = 0 and b^T z > 0; its shortest M-length is that of the simplex b^T z = 1.
        double least = std::numeric_limits<double>::infinity();
        for (unsigned bits = 1; bits < 1U << linear.size(); ++bits) {
          const auto support = members(bits, linear.size());
          SquareMatrix part(support.size());
          std::vector<std::vector<long double>> rows;
          rows.reserve(support.size());
          for (const std::size_t i : support) {
            auto& row = rows.emplace_back();
            row.reserve(support.size() + 1);
            for (const std::size_t j : support) {
              row.push_back(static_cast<long double>(cosines(i, j)) + static_cast<long double>(linear[i]) * linear[j]);
            }
            row.push_back(linear[i]);
          }
          const auto solution = solved(std::move(rows), 1e-13L);
          if (!solution || std::any_of(solution->begin(), solution->end(), [](double value) { return value < 0; })) {
            continue;
          }
          std::vector<double> ray(linear.size(), 0.0);
          for (std::size_t k = 0; k < support.size(); ++k) {
            ray[support[k]] = (*solution)[k];
          }
          const double gain = dot(ray, linear);
          if (gain > 1e-9) {
            least = std::min(least, dot(ray, product(cosines, ray)) / gain / gain);
          }
        }
        EXPECT_LT(least, 1e-12);
      }
    }
  }
  EXPECT_GT(bounded, 100);
  EXPECT_GT(unbounded, 100);
}

TEST(NonNegativeMinimum, ByHand) {
  SquareMatrix matrix(2);
  matrix(0, 0) = matrix(1, 1) = 1;
  matrix(0, 1) = matrix(1, 0) = 0.5;
  EXPECT_EQ(non_negative_minimum(matrix, std::vector{-1.0, -2.0}).at, (std::vector{0.0, 0.0}));
  EXPECT_EQ(non_negative_minimum(matrix, std::vector{2.0, 0.5}).at, (std::vector{2.0, 0.0}));
  const auto inside = non_negative_minimum(matrix, std::vector{2.0, 2.5}).at;  // (2, 2.5) = M (1, 2)
  EXPECT_NEAR(inside[0], 1, 1e-15);
  EXPECT_NEAR(inside[1], 2, 1e-15);
}

TEST(NonNegativeMinimum, NumbersThatAreNoMatrixEndToo) {
  SquareMatrix matrix(3);  // not semi-definite: each pair opposed
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      matrix(i, j) = i == j ? 1 : -1;
    }
  }
  const auto minimum = non_negative_minimum(matrix, std::vector{1.0, 1.0, 1.0});
  EXPECT_EQ(minimum.at.size(), 3U);
  EXPECT_FALSE(minimum.bounded);
}

}  // namespace
}  // namespace fairsweep
