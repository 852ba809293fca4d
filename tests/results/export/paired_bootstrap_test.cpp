#include "results/export/paired_bootstrap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace fairsweep::exports {
namespace {

const double k_nan = std::numeric_limits<double>::quiet_NaN();

std::vector<PairedDifference> draw(const std::vector<std::vector<double>>& rows, std::size_t draws,
                                   std::uint64_t seed = 1) {
  RandomStream random(seed, 0, 0, Purpose::bootstrap);
  return paired_bootstrap(rows, draws, random);
}

TEST(PairedBootstrap, MeanAndErrorAreThoseOfTheDifferences) {
  const PairedDifference one = draw({{1, 2, 3, 6, k_nan}}, 10).front();
  EXPECT_EQ(one.people, 4U);
  EXPECT_EQ(one.mean, 3);
  EXPECT_DOUBLE_EQ(one.standard_error, std::sqrt((4.0 + 1 + 0 + 9) / 3 / 4));
}

TEST(PairedBootstrap, ADifferenceThatAllPeopleShareIsSure) {
  const auto both = draw({{0.25, 0.25, 0.25}, {0, 0, 0}}, 999);
  EXPECT_EQ(both[0].low, 0.25);
  EXPECT_EQ(both[0].high, 0.25);
  EXPECT_DOUBLE_EQ(both[0].p_value, 2.0 / 1000);
  EXPECT_EQ(both[1].p_value, 1);
}

// All 27 ways to draw three people of three, each as likely.
TEST(PairedBootstrap, AgreesWithEveryWayToDraw) {
  const std::array<double, 3> values = {-1, 0.5, 2};
  std::vector<double> means;
  for (const double a : values) {
    for (const double b : values) {
      for (const double c : values)
        means.push_back((a + b + c) / 3);
    }
  }
  const double below = static_cast<double>(std::ranges::count_if(means, [](double mean) { return mean <= 0; })) / 27;
  constexpr std::size_t k_draws = 20000;
  const PairedDifference drawn = draw({{values[0], values[1], values[2]}}, k_draws, 7).front();
  EXPECT_LT(below, 0.5);
  EXPECT_NEAR(drawn.p_value, 2 * below, 5 * 2 * std::sqrt(below * (1 - below) / k_draws));
  EXPECT_DOUBLE_EQ(drawn.low, -1);  // (-1, -1, -1) alone has 1/27
  EXPECT_DOUBLE_EQ(drawn.high, 2);
}

TEST(PairedBootstrap, TooFewPeopleSayNothing) {
  const auto rows = draw({{0.5, k_nan}, {k_nan, k_nan}}, 100);
  EXPECT_EQ(rows[0].mean, 0.5);
  EXPECT_TRUE(std::isnan(rows[0].p_value) && std::isnan(rows[0].standard_error) && std::isnan(rows[0].low));
  EXPECT_EQ(rows[1].people, 0U);
  EXPECT_TRUE(std::isnan(rows[1].mean));
  EXPECT_TRUE(draw({}, 100).empty());
  EXPECT_EQ(draw({{}}, 100).front().people, 0U);
}

TEST(PairedBootstrap, RowsShareTheirPeople) {
  const std::vector<double> row = {0.1, -0.4, 0.9, 0.3, -0.2};
  std::vector<double> doubled = row;
  for (double& value : doubled)
    value *= 2;
  const auto alone = draw({row}, 500), both = draw({doubled, row}, 500);
  EXPECT_EQ(alone[0].p_value, both[1].p_value);
  EXPECT_EQ(alone[0].low, both[1].low);
  EXPECT_EQ(both[0].low, 2 * both[1].low);
}

TEST(PairedBootstrap, RejectsAboutAsOftenAsItSaysWhereNothingDiffers) {
  std::mt19937_64 generator(11);
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> rows(400, std::vector<double>(40));
  for (auto& row : rows) {
    for (double& value : row)
      value = normal(generator);
  }
  std::size_t rejected = 0;
  for (const PairedDifference& one : draw(rows, 1000))
    rejected += one.p_value <= 0.05 ? 1 : 0;
  EXPECT_GT(rejected, 10U);  // 20 expected, and some more because 40 people are few
  EXPECT_LT(rejected, 45U);
}

/// Holm's rule as it is written: the k-th smallest of n is compared with alpha / (n - k + 1) until one fails.
std::vector<bool> rejected_by_rule(const std::vector<double>& p_values, double alpha) {
  std::vector<double> sorted = p_values;
  std::ranges::sort(sorted);
  double bound = -1;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    if (sorted[k] > alpha / static_cast<double>(sorted.size() - k))
      break;
    bound = sorted[k];
  }
  std::vector<bool> rejected;
  for (const double p : p_values)
    rejected.push_back(p <= bound);
  return rejected;
}

TEST(Holm, AdjustsAsTheRuleSays) {
  const std::vector<double> adjusted = holm_adjusted({0.01, 0.04, k_nan, 0.03, 0.005});
  EXPECT_DOUBLE_EQ(adjusted[4], 0.02);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.06);
  EXPECT_TRUE(std::isnan(adjusted[2]));
  std::mt19937_64 generator(5);
  std::uniform_real_distribution<double> uniform(0, 0.1);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> p_values(1 + round % 9);
    for (double& p : p_values)
      p = uniform(generator);
    const std::vector<double> all = holm_adjusted(p_values);
    const std::vector<bool> expected = rejected_by_rule(p_values, 0.05);
    for (std::size_t i = 0; i < all.size(); ++i)
      EXPECT_EQ(all[i] <= 0.05, expected[i]) << "round " << round << " of seed 5";
  }
}

}  // namespace
}  // namespace fairsweep::exports
