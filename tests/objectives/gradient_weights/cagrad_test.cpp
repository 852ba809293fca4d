#include "objectives/gradient_weights/cagrad.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/dual_proj.hpp"
#include "objectives/gradient_weights/mgda.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

std::vector<double> mean_row(const Jacobian& jacobian, const Gramian& gramian) {
  std::vector<double> weights(jacobian.losses(), 0.0);
  for (const std::size_t i : gramian.present()) {
    weights[i] = 1 / static_cast<double>(gramian.present().size());
  }
  return step_of(jacobian, weights);
}

/// F of the paper, with the radius c |g_0|.
double dual_value(const Jacobian& jacobian, const std::vector<double>& mean, double radius,
                  const std::vector<double>& weights) {
  const auto step = step_of(jacobian, weights);
  return inner(step, mean) + radius * length(step);
}

// Weak duality: no step in the ball improves the worst-off loss by more than F(w), whatever w is. So a step in the ball
// whose worst-off loss gains F(w) is the best, and w the minimum.
TEST(Cagrad, HasACertificate) {
  for (const auto& jacobian : random_jacobians(10, 12)) {
    const auto gramian = gramian_of(jacobian);
    const auto mean = mean_row(jacobian, gramian);
    if (length(mean) <= 1e-4 * greatest_length(jacobian)) {
      continue;
    }
    for (const double c : {0.01, 0.3, 0.5, 0.99, 1.0, 3.0}) {
      SCOPED_TRACE(jacobian.name + ", c " + std::to_string(c));
      const auto weights = cagrad_weights(gramian, c);
      const auto step = step_of(jacobian, weights);
      const double radius = c * length(mean);
      EXPECT_LE(distance(step, mean), radius * (1 + tolerance_for(jacobian, 1e-5)));
      double worst = std::numeric_limits<double>::infinity();
      double sum = 0;
      auto simplex = weights;
      for (const std::size_t i : gramian.present()) {
        worst = std::min(worst, inner(jacobian.rows[i], step));
        simplex[i] -= 1 / static_cast<double>(gramian.present().size());
        sum += simplex[i];
      }
      if (sum == 0) {
        EXPECT_GE(worst, -1e-12 * length(mean) * greatest_length(jacobian));
        continue;
      }
      for (double& weight : simplex) {
        weight /= sum;
      }
      // Strictly within the ball it is the hull's shortest vector, 0, that certifies.
      const double bound = std::min(dual_value(jacobian, mean, radius, simplex),
                                    dual_value(jacobian, mean, radius, mgda_weights(gramian)));
      const double gap = bound - worst;
      EXPECT_LE(std::abs(gap), tolerance_for(jacobian, 1e-10) * (length(mean) + radius) * greatest_length(jacobian));
    }
  }
}

TEST(Cagrad, OfTwoAgreesWithAGoldenSection) {
  const double share = (std::sqrt(5.0) - 1) / 2;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const auto jacobian = random_jacobian(Nasty::plain, 2, seed);
    const auto mean = mean_row(jacobian, gramian_of(jacobian));
    for (const double c : {0.1, 0.5, 0.9}) {
      SCOPED_TRACE(jacobian.name + ", c " + std::to_string(c));
      const double radius = c * length(mean);
      const auto value = [&](double first) { return dual_value(jacobian, mean, radius, {first, 1 - first}); };
      double low = 0, high = 1;
      while (high - low > 1e-9) {
        const double left = high - share * (high - low), right = low + share * (high - low);
        (value(left) < value(right) ? high : low) = value(left) < value(right) ? right : left;
      }
      const double first =
          std::min({0.0, 1.0, 0.5 * (low + high)}, [&](double a, double b) { return value(a) < value(b); });
      const auto direction = step_of(jacobian, {first, 1 - first});
      auto expected = mean;
      for (std::size_t k = 0; k < expected.size(); ++k) {
        expected[k] += radius * direction[k] / length(direction);
      }
      EXPECT_LE(distance(step_of(jacobian, cagrad_weights(gramian_of(jacobian), c)), expected), 1e-6 * length(mean));
    }
  }
}

// c = 0.5, gradients (1, 0) and (0, 1): the mean already treats both alike, and all of the radius goes along it.
TEST(Cagrad, ByHand) {
  const auto weights = cagrad_weights(Gramian(std::vector{1.0, 0.0, 0.0, 1.0}, 2), 0.5);
  EXPECT_NEAR(weights[0], 0.75, 1e-15);
  EXPECT_NEAR(weights[1], 0.75, 1e-15);
  // (1, 0) and (-3, 0): the mean is (-1, 0); the first is worse off, and the radius goes its way.
  const Jacobian line{.name = "line", .rows = {{1, 0}, {-3, 0}}};
  EXPECT_NEAR(step_of(line, cagrad_weights(gramian_of(line), 0.5))[0], -0.5, 1e-15);
  EXPECT_NEAR(step_of(line, cagrad_weights(gramian_of(line), 2))[0], 0, 1e-15);
}

// (1, 0) and (-1, 0) leave the first coordinate no freedom, and any step up the second is as good for the worst-off:
// the one nearest the mean is taken.
TEST(Cagrad, TakesTheStepNearestToTheMeanOfEquals) {
  const Jacobian jacobian{.name = "three", .rows = {{1, 0}, {-1, 0}, {0, 3}}};
  for (const double c : {0.1, 0.9, 5.0}) {
    const auto step = step_of(jacobian, cagrad_weights(gramian_of(jacobian), c));
    EXPECT_NEAR(step[0], 0, 1e-15);
    EXPECT_NEAR(step[1], 1, 1e-15);
  }
}

TEST(Cagrad, BecomesDualProjWhereTheHullHoldsZeroAndTheRadiusIsGreat) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    auto jacobian = random_jacobian(Nasty::plain, 4, seed);
    jacobian.rows[1] = jacobian.rows[0];
    for (double& value : jacobian.rows[1]) {
      value *= -2;
    }
    SCOPED_TRACE(jacobian.name);
    const auto cagrad = step_of(jacobian, cagrad_weights(gramian_of(jacobian), 1.5));
    const auto dual_proj = step_of(jacobian, dual_proj_weights(gramian_of(jacobian)));
    EXPECT_LE(distance(cagrad, dual_proj), 1e-7 * greatest_length(jacobian));
  }
}

TEST(Cagrad, RefusesWhatIsNoRadius) {
  const Gramian gramian(std::vector{1.0}, 1);
  EXPECT_THROW((void)cagrad_weights(gramian, -0.1), InternalError);
  EXPECT_THROW((void)cagrad_weights(gramian, std::numeric_limits<double>::quiet_NaN()), InternalError);
}

}  // namespace
}  // namespace fairsweep
