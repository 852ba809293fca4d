#include "objectives/gradient_weights/dvao_gradient.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

std::vector<double> weights_of(const Jacobian& jacobian, const std::vector<double>& preferences) {
  return dvao_gradient_weights(gramian_of(jacobian), preferences);
}

TEST(DvaoGradient, ByHand) {
  // Lengths 5 and 2: 0.25 x 5 + 0.75 x 2 = 2.75.
  const std::vector<double> weights = weights_of({.name = "", .rows = {{3, 4}, {0, 2}}}, {0.25, 0.75});
  EXPECT_NEAR(weights[0], 0.25 / 2.75, 1e-15);
  EXPECT_NEAR(weights[1], 0.75 / 2.75, 1e-15);
}

TEST(DvaoGradient, OpposedCancelAndParallelMakeAUnitVector) {
  const Jacobian opposed{.name = "", .rows = {{1, 0}, {-1, 0}}};
  EXPECT_NEAR(length(step_of(opposed, weights_of(opposed, {0.5, 0.5}))), 0, 1e-15);
  const Jacobian parallel{.name = "", .rows = {{2, 2, 0}, {5, 5, 0}, {0.1, 0.1, 0}}};
  EXPECT_NEAR(length(step_of(parallel, weights_of(parallel, {0.2, 0.3, 0.5}))), 1, 1e-15);
}

TEST(DvaoGradient, HasTheStaticSumsDirectionALengthOfAtMostOneAndNoScale) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    RandomStream random(seed, 0, 0, Purpose::initialisation);
    Jacobian jacobian{.name = "", .rows = std::vector<std::vector<double>>(1 + seed % 5, std::vector<double>(6))};
    std::vector<double> preferences;
    for (auto& row : jacobian.rows) {
      const double size = std::pow(10, 6 * random.uniform() - 3);
      for (double& entry : row)
        entry = size * random.normal();
      preferences.push_back(random.uniform());
    }
    const std::vector<double> static_sum = step_of(jacobian, preferences);
    const std::vector<double> step = step_of(jacobian, weights_of(jacobian, preferences));
    EXPECT_LE(length(step), 1 + 1e-12) << "seed " << seed;
    EXPECT_NEAR(inner(step, static_sum), length(step) * length(static_sum), 1e-9 * length(static_sum))
        << "seed " << seed;
    for (const double scale : {1e-100, 1e3, 1e140}) {
      Jacobian scaled = jacobian;
      for (auto& row : scaled.rows) {
        for (double& entry : row)
          entry *= scale;
      }
      EXPECT_LT(distance(step_of(scaled, weights_of(scaled, preferences)), step), 1e-12)
          << "seed " << seed << " scale " << scale;
    }
    Jacobian turned = jacobian;
    std::reverse(turned.rows.begin(), turned.rows.end());
    const std::vector<double> backwards(preferences.rbegin(), preferences.rend());
    EXPECT_LT(distance(step_of(turned, weights_of(turned, backwards)), step), 1e-12) << "seed " << seed;
  }
}

TEST(DvaoGradient, WhatHasNoGradientHasNoWeight) {
  const std::vector<double> two = weights_of({.name = "", .rows = {{0, 0}, {0, 4}}}, {0.5, 0.5});
  EXPECT_EQ(two[0], 0);
  EXPECT_NEAR(two[1], 0.25, 1e-15) << "alone it is a unit vector";
  EXPECT_EQ(weights_of({.name = "", .rows = {{0, 0}, {0, 0}}}, {0.5, 0.5}), (std::vector<double>{0, 0}));
  EXPECT_EQ(weights_of({.name = "", .rows = {{1, 0}, {0, 0}}}, {0, 1}), (std::vector<double>{0, 0}))
      << "only what has no weight has a gradient";
}

TEST(DvaoGradient, WhatIsNoNumberStaysNone) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1.0}) {
    const std::vector<double> values = {1, 0, 0, bad};
    for (const double weight : dvao_gradient_weights(Gramian(values, 2), std::vector<double>{1, 1}))
      EXPECT_TRUE(std::isnan(weight)) << bad;
  }
  EXPECT_THROW((void)weights_of({.name = "", .rows = {{1, 0}, {0, 1}}}, {1}), InternalError);
  EXPECT_THROW((void)weights_of({.name = "", .rows = {{1, 0}, {0, 1}}}, {1, -1}), InternalError);
}

}  // namespace
}  // namespace fairsweep
