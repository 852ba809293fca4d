#include "objectives/gradient_weights/mgda.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/objectives/gradient_weights/jacobians.hpp"
#include "tests/objectives/gradient_weights/small_system.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

double least_length(const Jacobian& jacobian) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& row : jacobian.rows) {
    least = length(row) > 0 ? std::min(least, length(row)) : least;
  }
  return least;
}

TEST(Mgda, HasACertificate) {
  for (const auto& jacobian : random_jacobians(10, 20)) {
    SCOPED_TRACE(jacobian.name);
    const auto weights = mgda_weights(gramian_of(jacobian));
    if (greatest_length(jacobian) == 0) {
      continue;
    }
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-14);
    const auto step = step_of(jacobian, weights);
    const double square = inner(step, step);
    const double least = least_length(jacobian);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double size = length(jacobian.rows[i]);
      if (size > 0) {
        const double slack = (inner(jacobian.rows[i], step) - square) / (size * least);
        EXPECT_GE(slack, -1e-7) << i;
        if (weights[i] > 0) {
          EXPECT_LE(slack, 1e-7) << i;
        }
      }
    }
  }
}

/// The least squared length in the hull, over every choice of corners, each solved as a linear system.
double least_square_by_enumeration(const Jacobian& jacobian) {
  const std::size_t count = jacobian.losses();
  double least = std::numeric_limits<double>::infinity();
  for (unsigned bits = 1; bits < 1U << count; ++bits) {
    const auto corners = members(bits, count);
    const std::size_t size = corners.size();
    std::vector<std::vector<long double>> rows(size + 1, std::vector<long double>(size + 2, 1));
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) {
        rows[i][j] = inner(jacobian.rows[corners[i]], jacobian.rows[corners[j]]);
      }
      rows[i][size + 1] = 0;
    }
    rows[size][size] = 0;
    const auto solution = solved(std::move(rows), 1e-12L);
    if (!solution || std::any_of(solution->begin(), solution->end() - 1, [](double value) { return value < 0; })) {
      continue;
    }
    std::vector<double> weights(count, 0.0);
    for (std::size_t k = 0; k < size; ++k) {
      weights[corners[k]] = (*solution)[k];
    }
    const auto step = step_of(jacobian, weights);
    least = std::min(least, inner(step, step));
  }
  return least;
}

TEST(Mgda, AgreesWithEnumeration) {
  for (const auto& jacobian : random_jacobians(6, 12)) {
    const bool scaled = jacobian.kind == Nasty::tiny || jacobian.kind == Nasty::huge ||
                        jacobian.kind == Nasty::far_mixed || jacobian.kind == Nasty::some_zero;
    if (scaled || greatest_length(jacobian) == 0 || least_length(jacobian) < 1e-4) {
      continue;  // the enumeration needs numbers of the order of 1
    }
    SCOPED_TRACE(jacobian.name);
    const bool has_zero =
        std::any_of(jacobian.rows.begin(), jacobian.rows.end(), [](const auto& row) { return length(row) == 0; });
    if (has_zero) {
      continue;
    }
    const auto step = step_of(jacobian, mgda_weights(gramian_of(jacobian)));
    const double least = least_length(jacobian);
    EXPECT_NEAR(inner(step, step), least_square_by_enumeration(jacobian), 1e-12 * least * least);
  }
}

TEST(Mgda, OfTwoIsTheClosedForm) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const auto jacobian = random_jacobian(Nasty::mixed, 2, seed);
    SCOPED_TRACE(jacobian.name);
    const auto values = gramian_values(jacobian);
    const double first = std::clamp((values[3] - values[1]) / (values[0] + values[3] - 2 * values[1]), 0.0, 1.0);
    const auto weights = mgda_weights(gramian_of(jacobian));
    EXPECT_NEAR(weights[0], first, 1e-13);
    EXPECT_NEAR(weights[1], 1 - first, 1e-13);
  }
}

// A known property, not a virtue: of orthogonal gradients one made s times longer gets 1/s^2 of its share.
TEST(Mgda, GivesLongGradientsLittle) {
  const auto weights = mgda_weights(Gramian(std::vector{1e4, 0.0, 0.0, 1.0}, 2));
  EXPECT_NEAR(weights[0], 1 / 10001.0, 1e-18);
  EXPECT_NEAR(weights[1], 10000 / 10001.0, 1e-15);
}

TEST(Mgda, KeepsTheDigitsOfVeryDifferentLengths) {
  // (1e40, 0) and (-0.6, 0.8) * 1e-40: w_1 = (|g_2|^2 - <g_1, g_2>) / |g_1 - g_2|^2 is 0.6e-80.
  const auto weights = mgda_weights(Gramian(std::vector{1e80, -0.6, -0.6, 1e-80}, 2));
  EXPECT_NEAR(weights[0] / 0.6e-80, 1, 1e-14);
  EXPECT_EQ(weights[1], 1);
}

}  // namespace
}  // namespace fairsweep
