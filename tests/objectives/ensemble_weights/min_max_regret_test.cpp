#include "objectives/ensemble_weights/min_max_regret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "objectives/ensemble_weights/min_max.hpp"
#include "tests/objectives/ensemble_weights/tables.hpp"

namespace fairsweep {
namespace {

using testing::each_lattice_point;
using testing::largest_of;
using testing::multiplicative_weights;
using testing::random_table;

std::vector<double> ones(std::size_t count) { return std::vector<double>(count, 1.0); }

void expect_weights(const EnsembleWeights& got, const std::vector<double>& weights, double value) {
  ASSERT_EQ(got.weights.size(), weights.size());
  for (std::size_t j = 0; j < weights.size(); ++j)
    EXPECT_NEAR(got.weights[j], weights[j], 1e-9) << j;
  EXPECT_NEAR(got.value, value, 1e-9);
}

TEST(MinMaxRegret, IsThatOfTheThreeTablesWorkedOut) {
  expect_weights(min_max_regret({2, {1, .2, .1, .8}}, ones(2), RegretAgainst::own_model), {8.0 / 15, 7.0 / 15},
                 0.8 * 7 / 15);
  expect_weights(min_max_regret({3, {1, .2, .6, .1, .8, .7, .3, .2, .9}}, ones(3), RegretAgainst::own_model),
                 {.3, 0, .7}, .28);
  expect_weights(min_max_regret({2, {1, 1.2, .1, .8}}, ones(2), RegretAgainst::own_model), {0, 1}, 0);
}

TEST(MinMaxRegret, AWeightMovesTheMixtureTowardsItsPeople) {
  // rho .8 w_2 = .7 w_1 with rho on the first row: w_2 = .7 / (.7 + .8 rho).
  for (const double rho : {1.0, 2.0, 4.0, 8.0}) {
    const std::vector<double> weights = {rho, 1};
    const double second = 0.7 / (0.7 + 0.8 * rho);
    expect_weights(min_max_regret({2, {1, .2, .1, .8}}, weights, RegretAgainst::own_model), {1 - second, second},
                   0.7 * (1 - second));
  }
  // Whose regret counts for nothing is not served.
  const std::vector<double> only_first = {1, 0};
  expect_weights(min_max_regret({2, {1, .2, .1, .8}}, only_first, RegretAgainst::own_model), {1, 0}, 0);
}

TEST(MinMaxRegret, AgainstTheBestModelNobodysRegretIsBelowZero) {
  // The second model is the first people's best: their regret against it, .2 w_1, is not hidden by the zero row.
  const ValueTable worth(2, {1, 1.2, .8, .1});
  const ValueTable regrets = regrets_of(worth, ones(2), RegretAgainst::best_model);
  EXPECT_NEAR(regrets.at(0, 0), .2, 1e-15);
  EXPECT_EQ(regrets.at(0, 1), 0);
  expect_weights(min_max_regret(worth, ones(2), RegretAgainst::best_model), {7.0 / 9, 2.0 / 9}, 1.4 / 9);
}

TEST(MinMaxRegret, TiesGoToTheLeastSumOfRegrets) {
  // Both columns leave the first row at .5; the second column costs the second row less.
  expect_weights(min_max({2, {.5, .5, .3, .1}}), {0, 1}, .5);
  // Everything below 0 is as good as 0; the sum decides.
  expect_weights(min_max({3, {-.1, -.3, -.2}}), {0, 1, 0}, 0);
  expect_weights(min_max({2, {0, 0, 0, 0}}), min_max({2, {0, 0}}).weights, 0);
}

TEST(MinMaxRegret, IsNeverAboveAPointOfTheLatticeAndMeetsItsBest) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const std::size_t columns = 2 + seed % 3;
    const ValueTable worth = random_table(columns, columns, seed, seed % 2 == 0 ? 1 : 1e-4);
    const ValueTable cost = regrets_of(worth, ones(columns), RegretAgainst::own_model);
    const EnsembleWeights got = min_max(cost);
    EXPECT_NEAR(std::accumulate(got.weights.begin(), got.weights.end(), 0.0), 1, 1e-12) << "seed " << seed;
    EXPECT_TRUE(std::all_of(got.weights.begin(), got.weights.end(), [](double w) { return w >= 0; })) << seed;
    EXPECT_EQ(got.value, largest_of(cost, got.weights)) << "seed " << seed;
    const double unit = seed % 2 == 0 ? 1 : 1e-4;
    double least = std::numeric_limits<double>::infinity();
    each_lattice_point(columns, 60,
                       [&](const std::vector<double>& point) { least = std::min(least, largest_of(cost, point)); });
    EXPECT_LE(got.value, least + 1e-9 * unit) << "seed " << seed;
    EXPECT_GE(got.value, least - 4.0 * unit * static_cast<double>(columns) / 60) << "seed " << seed;
  }
}

TEST(MinMaxRegret, MultiplicativeWeightsComeToTheSameValue) {
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    const ValueTable worth = random_table(3, 3, seed + 500);
    const ValueTable cost = regrets_of(worth, ones(3), RegretAgainst::own_model);
    const double played = largest_of(cost, multiplicative_weights(cost, 40'000));
    EXPECT_GE(played, min_max(cost).value - 1e-9) << "seed " << seed;
    EXPECT_NEAR(played, min_max(cost).value, 2e-3) << "seed " << seed;
  }
}

TEST(MinMaxRegret, TheOrderOfPeopleAndModelsChangesNoValue) {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const std::size_t n = 2 + seed % 5;
    const ValueTable worth = random_table(n, n, seed + 1000);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937 random(seed);
    std::shuffle(order.begin(), order.end(), random);
    std::vector<double> turned;
    for (const std::size_t row : order) {
      for (const std::size_t column : order)
        turned.push_back(worth.at(row, column));
    }
    EXPECT_NEAR(min_max_regret({n, turned}, ones(n), RegretAgainst::own_model).value,
                min_max_regret(worth, ones(n), RegretAgainst::own_model).value, 1e-9)
        << "seed " << seed;
  }
}

TEST(MinMaxRegret, AConstantInARowIsNobodysRegret) {
  std::vector<double> moved = {1, .2, .1, .8};
  for (double& value : moved)
    value -= 1000;
  moved[2] += 50;
  moved[3] += 50;
  const EnsembleWeights got = min_max_regret({2, moved}, ones(2), RegretAgainst::own_model);
  expect_weights(got, {8.0 / 15, 7.0 / 15}, 0.8 * 7 / 15);
}

TEST(MinMaxRegret, NumbersThatAreNoneGiveNoneAndWrongShapesAreBugs) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const EnsembleWeights got = min_max({2, {1, nan, 0, 1}});
  EXPECT_TRUE(std::isnan(got.weights[0]) && std::isnan(got.weights[1]) && std::isnan(got.value));
  EXPECT_THROW((void)min_max_regret({2, {1, 2}}, ones(1), RegretAgainst::own_model), InternalError);
  EXPECT_THROW((void)min_max_regret({2, {1, 2, 3, 4}}, ones(3), RegretAgainst::own_model), InternalError);
  const std::vector<double> negative = {1, -1};
  EXPECT_THROW((void)min_max_regret({2, {1, 2, 3, 4}}, negative, RegretAgainst::own_model), InternalError);
  EXPECT_THROW(ValueTable(2, {1, 2, 3}), InternalError);
}

}  // namespace
}  // namespace fairsweep
