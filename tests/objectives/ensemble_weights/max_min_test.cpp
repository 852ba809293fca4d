#include "objectives/ensemble_weights/max_min.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/objectives/ensemble_weights/tables.hpp"

namespace fairsweep {
namespace {

using testing::each_lattice_point;
using testing::random_table;

double worst_of(const ValueTable& worth, const std::vector<double>& weights) {
  double worst = std::numeric_limits<double>::infinity();
  for (std::size_t row = 0; row < worth.rows(); ++row)
    worst = std::min(worst, worth.mixed(row, weights));
  return worst;
}

TEST(MaxMin, LiftsTheWorstOffAsFarAsAMixtureCan) {
  // w + .2 (1 - w) = .1 w + .8 (1 - w): w = 6 / 15.
  const EnsembleWeights even = max_min({2, {1, .2, .1, .8}});
  EXPECT_NEAR(even.weights[0], 0.4, 1e-9);
  EXPECT_NEAR(even.weights[1], 0.6, 1e-9);
  EXPECT_NEAR(even.value, 0.52, 1e-9);
  // Log-likelihoods: the second people are worse off whoever serves them, so they are served alone.
  const EnsembleWeights served = max_min({2, {-.3, -.5, -.9, -.7}});
  EXPECT_NEAR(served.weights[1], 1, 1e-9);
  EXPECT_NEAR(served.value, -.7, 1e-9);
  // Equally good for the worst off; the others decide.
  const EnsembleWeights tie = max_min({2, {.2, .2, .5, .6}});
  EXPECT_NEAR(tie.weights[1], 1, 1e-9);
}

TEST(MaxMin, IsNeverBelowAPointOfTheLatticeAndMeetsItsBest) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const std::size_t columns = 2 + seed % 3;
    const ValueTable worth = random_table(2 + seed % 4, columns, seed + 70);
    const EnsembleWeights got = max_min(worth);
    EXPECT_EQ(got.value, worst_of(worth, got.weights)) << "seed " << seed;
    double greatest = -std::numeric_limits<double>::infinity();
    each_lattice_point(
        columns, 60, [&](const std::vector<double>& point) { greatest = std::max(greatest, worst_of(worth, point)); });
    EXPECT_GE(got.value, greatest - 1e-8) << "seed " << seed;
    EXPECT_LE(got.value, greatest + 2.0 * static_cast<double>(columns) / 60) << "seed " << seed;
  }
}

TEST(MaxMin, AConstantMovesTheValueAlone) {
  const ValueTable worth = random_table(3, 3, 5);
  std::vector<double> moved;
  for (std::size_t row = 0; row < 3; ++row) {
    for (const double value : worth.row(row))
      moved.push_back(value - 40);
  }
  const EnsembleWeights before = max_min(worth);
  const EnsembleWeights after = max_min({3, moved});
  EXPECT_NEAR(after.value, before.value - 40, 1e-9);
  for (std::size_t j = 0; j < 3; ++j)
    EXPECT_NEAR(after.weights[j], before.weights[j], 1e-7);
}

TEST(MaxMin, NumbersThatAreNoneGiveNone) {
  EXPECT_TRUE(std::isnan(max_min({2, {1, std::numeric_limits<double>::infinity(), 0, 1}}).value));
}

}  // namespace
}  // namespace fairsweep
