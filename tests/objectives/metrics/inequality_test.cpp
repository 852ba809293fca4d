#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/atkinson.hpp"
#include "objectives/metrics/inequality/gini.hpp"
#include "objectives/metrics/inequality/jain.hpp"
#include "objectives/metrics/inequality/standard_deviation.hpp"
#include "objectives/metrics/inequality/theil.hpp"
#include "objectives/metrics/inequality/value_range.hpp"
#include "objectives/metrics/inequality/worst_mean.hpp"
#include "objectives/metrics/regret.hpp"

namespace fairsweep::fairness {
namespace {

using Values = std::vector<double>;

// 0.2, 0.4, 0.6, 0.8: mean 0.5, deviations -0.3, -0.1, 0.1, 0.3, squares 0.2 in all.
const Values k_four = {0.6, 0.2, 0.8, 0.4};

TEST(Inequality, FourPeopleByHand) {
  EXPECT_NEAR(standard_deviation(k_four), std::sqrt(0.05), 1e-15);
  EXPECT_NEAR(coefficient_of_variation(k_four), std::sqrt(0.05) / 0.5, 1e-15);
  EXPECT_NEAR(value_range(k_four), 0.6, 1e-15);
  // Ordered pairs: six of 0.2, four of 0.4, two of 0.6 = 1.2 + 1.6 + 1.2 = 4; over 2 x 16 x 0.5.
  EXPECT_NEAR(gini(k_four), 0.25, 1e-15);
  EXPECT_NEAR(jain(k_four), 4.0 / (4 * 1.2), 1e-15);
  // Shares of the mean 0.4, 0.8, 1.2, 1.6.
  const double theil_by_hand =
      (0.4 * std::log(0.4) + 0.8 * std::log(0.8) + 1.2 * std::log(1.2) + 1.6 * std::log(1.6)) / 4;
  EXPECT_NEAR(theil(k_four), theil_by_hand, 1e-15);
  EXPECT_NEAR(theil(k_four), 0.1064401, 5e-8);  // (-0.3665163 - 0.1785148 + 0.2187859 + 0.7520058) / 4
  const double roots = (std::sqrt(0.2) + std::sqrt(0.4) + std::sqrt(0.6) + std::sqrt(0.8)) / 4;
  EXPECT_NEAR(atkinson(k_four, 0.5), 1 - roots * roots / 0.5, 1e-15);
  EXPECT_NEAR(atkinson(k_four, 1), 1 - std::pow(0.2 * 0.4 * 0.6 * 0.8, 0.25) / 0.5, 1e-14);
  EXPECT_NEAR(atkinson(k_four, 2), 1 - 4 / (1 / 0.2 + 1 / 0.4 + 1 / 0.6 + 1 / 0.8) / 0.5, 1e-14);  // harmonic mean
  EXPECT_EQ(atkinson(k_four, 0), 0);
}

TEST(Inequality, OneHasEverything) {
  const Values all = {0, 0, 3, 0, 0};
  EXPECT_NEAR(gini(all), 0.8, 1e-15);
  EXPECT_NEAR(jain(all), 0.2, 1e-15);
  EXPECT_NEAR(theil(all), std::log(5.0), 1e-15);
  EXPECT_NEAR(atkinson(all, 0.5), 0.8, 1e-15);  // 1 - 5^-1
  EXPECT_EQ(atkinson(all, 1), 1);
  EXPECT_EQ(atkinson(all, 2), 1);
  EXPECT_NEAR(coefficient_of_variation(all), 2, 1e-15);  // sqrt(n - 1)
  EXPECT_NEAR(jain(Values{1, 1, 0, 0, 0}), 0.4, 1e-15);  // two of five
}

TEST(Inequality, WorstSharesByHand) {
  const Values ten = {0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.5, 1.0};
  EXPECT_NEAR(worst_mean(ten, 0.1, Direction::maximise), 0.1, 1e-15);
  EXPECT_NEAR(worst_mean(ten, 0.2, Direction::maximise), 0.15, 1e-15);
  EXPECT_NEAR(worst_mean(ten, 0.3, Direction::maximise), 0.2, 1e-15);
  EXPECT_NEAR(worst_mean(ten, 0.25, Direction::maximise), 0.2, 1e-15) << "2.5 people are three";
  EXPECT_NEAR(worst_mean(ten, 0.1, Direction::minimise), 1.0, 1e-15);
  EXPECT_NEAR(worst_mean(ten, 1, Direction::minimise), 0.55, 1e-15);
  EXPECT_EQ(worst_mean(Values{0.7}, 0.1, Direction::maximise), 0.7) << "at least one";
  const Values thirty(30, 0.5);
  EXPECT_EQ(worst_mean(thirty, 0.1, Direction::maximise), 0.5);
  EXPECT_TRUE(std::isnan(worst_mean({}, 0.1, Direction::maximise)));
  EXPECT_THROW((void)worst_mean(ten, 0, Direction::maximise), InternalError);
}

TEST(Inequality, TheWorstTenthOfThirtyAreThree) {
  Values values(30, 1.0);
  values[4] = values[11] = values[20] = 0;
  EXPECT_EQ(worst_mean(values, 0.1, Direction::maximise), 0);
}

TEST(Inequality, ChanceIsTakenOutOfTheDeviation) {
  // Variance 0.05; chance 0.16 / 10, 0.24 / 10 twice each: mean 0.02.
  EXPECT_NEAR(deviation_without_chance(k_four, Values{11, 11, 11, 11}), std::sqrt(0.05 - 0.02), 1e-15);
  // Of one comparison 0.5 (1 - 0.5): (0.24 / 10 + 0.16 / 10 + 0.16 / 10 + 0.25) / 4 is above 0.05.
  EXPECT_EQ(deviation_without_chance(k_four, Values{11, 11, 11, 1}), 0) << "never below 0";
  EXPECT_NEAR(deviation_without_chance(Values{0, 1, 1, 1}, Values{11, 11, 11, 1}), std::sqrt(0.1875 - 0.1875 / 4),
              1e-15);
  EXPECT_TRUE(std::isnan(deviation_without_chance(k_four, Values{11, 11, 11, std::nan("")})));
  EXPECT_THROW((void)deviation_without_chance(k_four, Values{1}), InternalError);
}

TEST(Inequality, RelativeGapByHand) {
  EXPECT_NEAR(relative_gap(Values{0.6, 0.9, 0.75}, 0.75), 0.4, 1e-15);
  EXPECT_TRUE(std::isnan(relative_gap(Values{0.6, 0.9}, 0)));
  EXPECT_TRUE(std::isnan(relative_gap({}, 0.5)));
}

TEST(Inequality, RegretIsADistanceInEitherDirection) {
  EXPECT_EQ(group_regrets(Values{0.5, 0.75}, Values{0.75, 0.5}, Direction::maximise), (Values{0.25, -0.25}));
  EXPECT_EQ(group_regrets(Values{0.5, 0.75}, Values{0.75, 0.5}, Direction::minimise), (Values{-0.25, 0.25}));
  EXPECT_THROW((void)group_regrets(Values{0.5}, Values{}, Direction::maximise), InternalError);
}

TEST(Inequality, WhatCannotBeSharedHasNoIndex) {
  for (const Values& values : {Values{}, Values{0, 0}, Values{-0.1, 1}, Values{std::nan(""), 1}}) {
    EXPECT_TRUE(std::isnan(gini(values)));
    EXPECT_TRUE(std::isnan(jain(values)));
    EXPECT_TRUE(std::isnan(theil(values)));
    EXPECT_TRUE(std::isnan(atkinson(values, 0.5)));
  }
  EXPECT_TRUE(std::isnan(standard_deviation({})));
  EXPECT_TRUE(std::isnan(value_range({})));
  EXPECT_TRUE(std::isnan(coefficient_of_variation(Values{-1, 1})));
  EXPECT_THROW((void)atkinson(k_four, -0.1), InternalError);
}

/// An index, and what is claimed of it.
struct Claimed {
  std::string name;
  std::function<double(const Values&)> index;
  double fair;      ///< where all are equal
  double sign;      ///< 1: more unequal is larger
  bool scale_free;  ///< multiplying all changes nothing
};

const std::vector<Claimed>& claims() {
  static const std::vector<Claimed> all = {
      {"deviation", [](const Values& x) { return standard_deviation(x); }, 0, 1, false},
      {"variation", [](const Values& x) { return coefficient_of_variation(x); }, 0, 1, true},
      {"gini", [](const Values& x) { return gini(x); }, 0, 1, true},
      {"jain", [](const Values& x) { return jain(x); }, 1, -1, true},
      {"theil", [](const Values& x) { return theil(x); }, 0, 1, true},
      {"atkinson_half", [](const Values& x) { return atkinson(x, 0.5); }, 0, 1, true},
      {"atkinson_one", [](const Values& x) { return atkinson(x, 1); }, 0, 1, true},
      {"atkinson_two", [](const Values& x) { return atkinson(x, 2); }, 0, 1, true},
  };
  return all;
}

class InequalityIndex : public testing::TestWithParam<Claimed> {
 protected:
  [[nodiscard]] Values random_values() {
    std::uniform_real_distribution<double> value(0.05, 1.0);
    Values values(std::uniform_int_distribution<std::size_t>(2, 30)(random_));
    for (double& each : values) {
      each = value(random_);
    }
    return values;
  }
  std::uint32_t seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
};

TEST_P(InequalityIndex, AllEqualIsFair) {
  for (const double value : {0.1, 0.7, 1.0}) {
    EXPECT_NEAR(GetParam().index(Values(7, value)), GetParam().fair, 1e-15);
    EXPECT_NEAR(GetParam().index(Values(1, value)), GetParam().fair, 1e-15);
  }
}

TEST_P(InequalityIndex, ManyPropertiesOnRandomValues) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const Claimed& claim = GetParam();
  for (int round = 0; round < 200; ++round) {
    Values values = random_values();
    const double before = claim.index(values);
    EXPECT_GE(claim.sign * before, claim.sign * claim.fair - 1e-14) << "nothing is fairer than all equal";
    // Nobody has a name.
    Values shuffled = values;
    std::ranges::shuffle(shuffled, random_);
    EXPECT_NEAR(claim.index(shuffled), before, 1e-12);
    // Everybody three times over is as unequal.
    Values thrice = values;
    thrice.insert(thrice.end(), values.begin(), values.end());
    thrice.insert(thrice.end(), values.begin(), values.end());
    EXPECT_NEAR(claim.index(thrice), before, 1e-12);
    // In another unit.
    Values scaled = values, shifted = values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      scaled[i] *= 7;
      shifted[i] += 3;
    }
    EXPECT_NEAR(claim.index(scaled), claim.scale_free ? before : 7 * before, 1e-11);
    // More for all alike: the differences stay, their share of the whole shrinks.
    if (claim.scale_free) {
      EXPECT_LE(claim.sign * claim.index(shifted), claim.sign * before + 1e-14);
    } else {
      EXPECT_NEAR(claim.index(shifted), before, 1e-12);
    }
    // The transfer principle: something of a richer person to a poorer, not so much that they change places.
    const auto [poor, rich] = std::ranges::minmax_element(values);
    const double gift = 0.4 * (*rich - *poor);
    *poor += gift;
    *rich -= gift;
    EXPECT_LT(claim.sign * claim.index(values), claim.sign * before + 1e-15);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, InequalityIndex, testing::ValuesIn(claims()),
                         [](const auto& each) { return each.param.name; });

// Slow twins: the definitions as they are written, in long double.
TEST(Inequality, AgreesWithTheSlowTwins) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    Values values(1 + random() % 40);
    for (double& value : values) {
      value = static_cast<double>(random() % 21) / 20;  // ties and zeros
    }
    values.front() = 0.5;
    const long double n = static_cast<long double>(values.size());
    long double sum = 0, pairs = 0, squares = 0, entropy = 0, roots = 0;
    for (const double value : values) {
      sum += value;
      squares += static_cast<long double>(value) * value;
      for (const double other : values) {
        pairs += std::fabs(static_cast<long double>(value) - other);
      }
    }
    const long double mean = sum / n;
    for (const double value : values) {
      entropy += value > 0 ? value / mean * std::log(value / mean) : 0;
      roots += std::sqrt(static_cast<long double>(value));
    }
    EXPECT_NEAR(gini(values), static_cast<double>(pairs / (2 * n * n * mean)), 1e-13);
    EXPECT_NEAR(jain(values), static_cast<double>(sum * sum / (n * squares)), 1e-13);
    EXPECT_NEAR(jain(values), 1 / (1 + std::pow(coefficient_of_variation(values), 2)), 1e-13);
    EXPECT_NEAR(theil(values), static_cast<double>(entropy / n), 1e-13);
    EXPECT_NEAR(atkinson(values, 0.5), static_cast<double>(1 - roots / n * (roots / n) / mean), 1e-13);
    EXPECT_NEAR(standard_deviation(values), static_cast<double>(std::sqrt(std::fabs(squares / n - mean * mean))), 1e-9);
    Values sorted = values;
    std::ranges::sort(sorted);
    const std::size_t worst = (values.size() + 4) / 5;
    long double low = 0;
    for (std::size_t i = 0; i < worst; ++i) {
      low += sorted[i];
    }
    EXPECT_NEAR(worst_mean(values, 0.2, Direction::maximise),
                static_cast<double>(low / static_cast<long double>(worst)), 1e-13);
    EXPECT_EQ(value_range(values), sorted.back() - sorted.front());
  }
}

}  // namespace
}  // namespace fairsweep::fairness
