#include "objectives/training/dvao_direction.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

using Rows = std::vector<std::vector<double>>;

double product(const std::vector<double>& left, const std::vector<double>& right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    sum += left[i] * right[i];
  return sum;
}

std::vector<double> gramian(const Rows& gradients) {
  std::vector<double> values;
  for (const auto& left : gradients) {
    for (const auto& right : gradients)
      values.push_back(product(left, right));
  }
  return values;
}

std::vector<double> combined(const Rows& gradients, const std::vector<double>& weights) {
  std::vector<double> sum(gradients.front().size(), 0);
  for (std::size_t g = 0; g < gradients.size(); ++g) {
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += weights[g] * gradients[g][i];
  }
  return sum;
}

double norm(const std::vector<double>& values) { return std::sqrt(product(values, values)); }

TEST(DvaoDirection, ByHand) {
  // Norms 5 and 2: 0.25 x 5 + 0.75 x 2 = 2.75.
  const std::vector<double> weights =
      dvao_direction_weights(gramian({{3, 4}, {0, 2}}), std::vector<double>{0.25, 0.75});
  EXPECT_NEAR(weights[0], 0.25 / 2.75, 1e-15);
  EXPECT_NEAR(weights[1], 0.75 / 2.75, 1e-15);
}

TEST(DvaoDirection, OpposedCancelAndParallelMakeAUnitVector) {
  const Rows opposed = {{1, 0}, {-1, 0}};
  EXPECT_NEAR(norm(combined(opposed, dvao_direction_weights(gramian(opposed), std::vector<double>{0.5, 0.5}))), 0,
              1e-15);
  const Rows parallel = {{2, 2, 0}, {5, 5, 0}, {0.1, 0.1, 0}};
  EXPECT_NEAR(norm(combined(parallel, dvao_direction_weights(gramian(parallel), std::vector<double>{0.2, 0.3, 0.5}))),
              1, 1e-15);
}

TEST(DvaoDirection, HasTheStaticSumsDirectionANormOfAtMostOneAndNoScale) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, 1);
    std::uniform_real_distribution<double> uniform(0, 1);
    const std::size_t losses = 1 + seed % 5;
    Rows gradients(losses, std::vector<double>(6));
    std::vector<double> shares(losses);
    for (std::size_t g = 0; g < losses; ++g) {
      const double size = std::pow(10, 6 * uniform(random) - 3);
      for (double& entry : gradients[g])
        entry = size * normal(random);
      shares[g] = uniform(random);
    }
    const std::vector<double> static_sum = combined(gradients, shares);
    const std::vector<double> step = combined(gradients, dvao_direction_weights(gramian(gradients), shares));
    EXPECT_LE(norm(step), 1 + 1e-12) << "seed " << seed;
    EXPECT_NEAR(product(step, static_sum), norm(step) * norm(static_sum), 1e-9 * norm(static_sum)) << "seed " << seed;
    for (const double scale : {1e-100, 1e3, 1e140}) {
      Rows scaled = gradients;
      for (auto& row : scaled) {
        for (double& entry : row)
          entry *= scale;
      }
      const std::vector<double> same = combined(scaled, dvao_direction_weights(gramian(scaled), shares));
      for (std::size_t i = 0; i < same.size(); ++i)
        EXPECT_NEAR(same[i], step[i], 1e-12) << "seed " << seed << " scale " << scale;
    }
  }
}

TEST(DvaoDirection, WhatHasNoGradientHasNoWeight) {
  const std::vector<double> two = dvao_direction_weights(gramian({{0, 0}, {0, 4}}), std::vector<double>{0.5, 0.5});
  EXPECT_EQ(two[0], 0);
  EXPECT_NEAR(two[1], 0.25, 1e-15) << "alone it is a unit vector";
  EXPECT_EQ(dvao_direction_weights(gramian({{0, 0}, {0, 0}}), std::vector<double>{0.5, 0.5}),
            (std::vector<double>{0, 0}));
  EXPECT_EQ(dvao_direction_weights(gramian({{1, 0}, {0, 0}}), std::vector<double>{0, 1}), (std::vector<double>{0, 0}))
      << "only what has no weight has a gradient";
}

TEST(DvaoDirection, WhatIsNoNumberStaysNone) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1.0}) {
    for (const double weight : dvao_direction_weights(std::vector<double>{1, 0, 0, bad}, std::vector<double>{1, 1}))
      EXPECT_TRUE(std::isnan(weight)) << bad;
  }
  EXPECT_THROW((void)dvao_direction_weights(std::vector<double>{1, 0, 0}, std::vector<double>{1, 1}), InternalError);
}

}  // namespace
}  // namespace fairsweep
