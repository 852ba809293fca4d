#include "objectives/gradient_weights/nash_mtl.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

constexpr double k_no_limit = std::numeric_limits<double>::infinity();

TEST(NashMtl, SolvesItsEquation) {
  int solved = 0, stationary = 0;
  for (const auto& jacobian : random_jacobians(10, 20)) {
    SCOPED_TRACE(jacobian.name);
    const auto gramian = gramian_of(jacobian);
    const auto weights = nash_mtl_weights(gramian, k_no_limit);
    const auto& cosines = gramian.gradients().cosines;
    std::vector<double> scaled;  // w_i |g_i|
    for (std::size_t k = 0; k < gramian.present().size(); ++k) {
      scaled.push_back(weights[gramian.present()[k]] * gramian.gradients().lengths[k]);
    }
    if (std::all_of(scaled.begin(), scaled.end(), [](double value) { return value == 0; })) {
      ++stationary;
      continue;
    }
    ++solved;
    const auto forces = product(cosines, scaled);
    const double longest = *std::max_element(scaled.begin(), scaled.end());
    const double tolerance = std::max(1e-10, 1e-15 * longest * longest);
    EXPECT_LE(tolerance, jacobian.kind == Nasty::nearly_opposed ? 1e-2 : 1e-10);
    for (std::size_t k = 0; k < scaled.size(); ++k) {
      EXPECT_GT(scaled[k], 0);
      EXPECT_NEAR(scaled[k] * forces[k], 1, tolerance) << k;
    }
  }
  EXPECT_GT(solved, 1000);
  EXPECT_GT(stationary, 200);
}

/// Cyclic minimisation of w^T G w / 2 - sum log w, each entry by its quadratic equation.
std::vector<double> by_coordinates(const Jacobian& jacobian) {
  const std::size_t count = jacobian.losses();
  const auto values = gramian_values(jacobian);
  std::vector<double> at(count);
  for (std::size_t i = 0; i < count; ++i) {
    at[i] = 1 / std::sqrt(values[i * count + i]);
  }
  for (int sweep = 0; sweep < 100'000; ++sweep) {
    double change = 0;
    for (std::size_t i = 0; i < count; ++i) {
      double others = 0;
      for (std::size_t j = 0; j < count; ++j) {
        others += j == i ? 0 : values[i * count + j] * at[j];
      }
      const double square = values[i * count + i];
      const double root = std::sqrt(others * others + 4 * square);
      const double next = others > 0 ? 2 / (others + root) : (root - others) / (2 * square);
      change = std::max(change, std::abs(next / at[i] - 1));
      at[i] = next;
    }
    if (change < 1e-15) {
      break;
    }
  }
  return at;
}

TEST(NashMtl, AgreesWithMinimisingOneWeightAtATime) {
  for (const Nasty kind : {Nasty::plain, Nasty::mixed, Nasty::copies}) {
    for (std::size_t losses = 1; losses <= 6; ++losses) {
      for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        const auto jacobian = random_jacobian(kind, losses, seed);
        SCOPED_TRACE(jacobian.name);
        const auto weights = nash_mtl_weights(gramian_of(jacobian), k_no_limit);
        const auto expected = by_coordinates(jacobian);
        for (std::size_t i = 0; i < losses; ++i) {
          EXPECT_NEAR(weights[i] / expected[i], 1, 1e-9) << i;
        }
      }
    }
  }
}

// Two losses: by symmetry of the cosines w_i = 1 / (|g_i| sqrt(1 + cosine)).
TEST(NashMtl, OfTwoIsTheClosedForm) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const auto jacobian = random_jacobian(Nasty::mixed, 2, seed);
    SCOPED_TRACE(jacobian.name);
    const auto gramian = gramian_of(jacobian);
    const auto weights = nash_mtl_weights(gramian, k_no_limit);
    for (std::size_t i = 0; i < 2; ++i) {
      const double expected = 1 / (gramian.gradients().lengths[i] * std::sqrt(1 + gramian.gradients().cosines(0, 1)));
      EXPECT_NEAR(weights[i] / expected, 1, 1e-12);
    }
  }
}

TEST(NashMtl, DoesNotKnowTheScalesOfLosses) {
  for (const auto& jacobian : random_jacobians(8, 6)) {
    SCOPED_TRACE(jacobian.name);
    auto other = jacobian;
    const auto weights = nash_mtl_weights(gramian_of(jacobian), 1);
    for (std::size_t i = 0; i < jacobian.losses(); ++i) {
      for (double& value : other.rows[i]) {
        value = std::ldexp(value, 3 * static_cast<int>(i) - 7);
      }
    }
    const auto scaled = nash_mtl_weights(gramian_of(other), 1);
    for (std::size_t i = 0; i < jacobian.losses(); ++i) {
      EXPECT_EQ(std::ldexp(scaled[i], 3 * static_cast<int>(i) - 7), weights[i]) << i;
    }
  }
}

TEST(NashMtl, TakesAStepOfTheLengthAskedFor) {
  const auto jacobian = random_jacobian(Nasty::plain, 4, 3);
  const auto size = [&](double limit) {
    return length(step_of(jacobian, nash_mtl_weights(gramian_of(jacobian), limit)));
  };
  EXPECT_NEAR(size(k_no_limit), 2, 1e-13);
  EXPECT_NEAR(size(2.5), 2, 1e-13);
  EXPECT_NEAR(size(1), 1, 1e-13);
  EXPECT_NEAR(size(0.01), 0.01, 1e-15);
}

TEST(NashMtl, StandsStillWhereNothingImprovesEveryLoss) {
  // The third could go on alone; the first two cannot both gain.
  EXPECT_EQ(nash_mtl_weights(Gramian(std::vector{1.0, -2.0, 0.0, -2.0, 4.0, 0.0, 0.0, 0.0, 1.0}, 3), 1),
            std::vector(3, 0.0));
}

TEST(NashMtl, RefusesALimitThatIsNone) {
  const Gramian gramian(std::vector{1.0}, 1);
  EXPECT_THROW((void)nash_mtl_weights(gramian, 0), InternalError);
  EXPECT_THROW((void)nash_mtl_weights(gramian, std::numeric_limits<double>::quiet_NaN()), InternalError);
}

}  // namespace
}  // namespace fairsweep
