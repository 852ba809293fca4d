#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "objectives/metrics/metric.hpp"
#include "tests/contract/scored_arrays.hpp"

namespace fairsweep::contract {

/// What the suite needs to know about a metric: its name and the range its values keep to.
struct MetricCase {
  std::string name;
  double lowest = 0;
  double highest = std::numeric_limits<double>::infinity();
  double at_tie = 0;  ///< value of a pair with margin 0 and probability one half
};

class MetricContract : public testing::TestWithParam<MetricCase> {
 protected:
  [[nodiscard]] const Metric& metric() const {
    const auto* found = find_metric(GetParam().name);
    if (found == nullptr) {
      throw std::runtime_error("no metric named " + GetParam().name);
    }
    return *found;
  }
  /// Over all of these users.
  [[nodiscard]] GroupValue over_all(const ScoredArrays& scores, std::size_t users) const {
    return metric().over_group(scores.view(), std::vector<std::uint8_t>(users, 1));
  }
  static void expect_equal(const std::vector<double>& left, const std::vector<double>& right, double tolerance) {
    ASSERT_EQ(left.size(), right.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (std::isnan(left[i]) || std::isnan(right[i])) {
        EXPECT_EQ(std::isnan(left[i]), std::isnan(right[i])) << "user " << i;
      } else {
        EXPECT_NEAR(left[i], right[i], tolerance * std::max(1.0, std::abs(left[i]))) << "user " << i;
      }
    }
  }
  std::uint32_t seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
};

TEST_P(MetricContract, SaysWhatItIs) {
  EXPECT_EQ(metric().name(), GetParam().name);
  EXPECT_FALSE(metric().sentence().empty());
  EXPECT_FALSE(metric().unit().empty());
}

TEST_P(MetricContract, AGroupDoesNotDependOnTheOrderOfComparisons) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 200, 9);
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random_);
  const GroupValue one = over_all(scores, 9), other = over_all(scores.in_order(order), 9);
  EXPECT_NEAR(one.value, other.value, 1e-12 * std::max(1.0, one.value));
  EXPECT_NEAR(one.standard_error, other.standard_error, 1e-12 * std::max(1.0, one.value));
}

TEST_P(MetricContract, OfAGroupOnlyRatiosOfWeightsMatter) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 200, 9);
  for (const float factor : {0x1p-60F, 0.5F, 1024.0F}) {  // powers of two: scaling is exact
    auto scaled = scores;
    for (auto& weight : scaled.weight) {
      weight *= factor;
    }
    EXPECT_NEAR(over_all(scores, 9).value, over_all(scaled, 9).value, 1e-12 * std::max(1.0, over_all(scores, 9).value));
  }
}

TEST_P(MetricContract, OfAGroupAWeightOfTwoIsTheComparisonTwice) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  auto doubled = random_scores(random_, 60, 5);
  std::fill(doubled.weight.begin(), doubled.weight.end(), 1.0F);
  auto weighted = doubled;
  weighted.weight[3] = 2.0F;
  doubled.add(doubled.margin[3], doubled.log_probability[3], 1.0F, doubled.user[3]);
  EXPECT_NEAR(over_all(weighted, 5).value, over_all(doubled, 5).value,
              1e-9 * std::max(1.0, over_all(doubled, 5).value));
}

TEST_P(MetricContract, AGroupIsItsMembersAlone) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 400, 12);
  std::vector<std::uint8_t> member(12, 0);
  ScoredArrays of_members;
  for (std::size_t user = 0; user < 12; user += 3) {
    member[user] = 1;
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (member[static_cast<std::size_t>(scores.user[i])] != 0) {
      of_members.add(scores.margin[i], scores.log_probability[i], scores.weight[i], scores.user[i]);
    }
  }
  const GroupValue group = metric().over_group(scores.view(), member);
  const GroupValue alone = over_all(of_members, 12);
  EXPECT_DOUBLE_EQ(group.value, alone.value);
  EXPECT_DOUBLE_EQ(group.standard_error, alone.standard_error);
  EXPECT_EQ(group.users, alone.users);
  EXPECT_GE(group.value, GetParam().lowest);
  EXPECT_LE(group.value, GetParam().highest);
  const GroupValue nobody = metric().over_group(scores.view(), std::vector<std::uint8_t>(12, 0));
  EXPECT_TRUE(std::isnan(nobody.value));
  EXPECT_EQ(nobody.users, 0U);
}

TEST_P(MetricContract, OfPeopleAGroupIsWhatItsPeopleSay) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 200, 9);
  const auto values = metric().per_user(scores.view(), 9);
  ASSERT_EQ(values.size(), 9U);
  if (metric().of_people()) {
    EXPECT_EQ(over_all(scores, 9).value, metric().over_users(values).value);
    EXPECT_EQ(over_all(scores, 9).standard_error, metric().over_users(values).standard_error);
  } else {
    EXPECT_TRUE(std::all_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }));
  }
}

TEST_P(MetricContract, AGroupOfOneHasNoStandardError) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const GroupValue one = over_all(random_scores(random_, 30, 2), 2);
  EXPECT_EQ(one.users, 1U);
  EXPECT_EQ(one.standard_error, 0);
}

TEST_P(MetricContract, InAGroupATieIsAGuess) {
  ScoredArrays scores;
  scores.add(0.0F, std::log(0.5F), 3.0F, 0);
  scores.add(-0.0F, std::log(0.5F), 1.0F, 1);
  EXPECT_NEAR(over_all(scores, 2).value, GetParam().at_tie, 1e-7);
}

TEST_P(MetricContract, ABetterModelIsBetterForTheGroup) {
  ScoredArrays good, bad;
  good.add(2.0F, -0.126928F, 1.0F, 0);
  bad.add(-2.0F, -2.126928F, 1.0F, 0);
  const Objective objective{std::string(metric().name()), "", metric().direction(), ""};
  EXPECT_LT(objective.to_minimisation(over_all(good, 1).value), objective.to_minimisation(over_all(bad, 1).value));
}

/// What a metric promises of single people; for those that have values of them.
class UserMetricContract : public MetricContract {};

TEST_P(UserMetricContract, TheOrderOfComparisonsDoesNotMatter) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 200, 9);
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random_);
  const auto shuffled = scores.in_order(order);
  expect_equal(metric().per_user(scores.view(), 9), metric().per_user(shuffled.view(), 9), 1e-12);
}

TEST_P(UserMetricContract, OnlyRatiosOfWeightsMatter) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 200, 9);
  for (const float factor : {0x1p-60F, 0.5F, 1024.0F}) {  // powers of two: scaling is exact
    auto scaled = scores;
    for (auto& weight : scaled.weight) {
      weight *= factor;
    }
    expect_equal(metric().per_user(scores.view(), 9), metric().per_user(scaled.view(), 9), 1e-12);
  }
}

TEST_P(UserMetricContract, AWeightOfTwoIsTheComparisonTwice) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  auto doubled = random_scores(random_, 60, 5);
  std::fill(doubled.weight.begin(), doubled.weight.end(), 1.0F);
  auto weighted = doubled;
  weighted.weight[3] = 2.0F;
  doubled.add(doubled.margin[3], doubled.log_probability[3], 1.0F, doubled.user[3]);
  expect_equal(metric().per_user(weighted.view(), 5), metric().per_user(doubled.view(), 5), 1e-12);
}

TEST_P(UserMetricContract, ValuesKeepToTheirRange) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 500, 20);
  for (const double value : metric().per_user(scores.view(), 20)) {
    if (!std::isnan(value)) {
      EXPECT_GE(value, GetParam().lowest);
      EXPECT_LE(value, GetParam().highest);
    }
  }
}

TEST_P(UserMetricContract, AUserWithoutComparisonsHasNoValueAndIsLeftOut) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 300, 4);
  const auto values = metric().per_user(scores.view(), 4);
  ASSERT_EQ(values.size(), 4U);
  EXPECT_TRUE(std::isnan(values[3]));
  const auto all = metric().over_users(values);
  const auto present = metric().over_users(std::span(values).first(3));
  EXPECT_EQ(all.users, 3U);
  EXPECT_EQ(all.value, present.value);
  EXPECT_EQ(all.standard_error, present.standard_error);
}

TEST_P(UserMetricContract, NobodyHasNoValue) {
  const ScoredArrays none;
  const auto values = metric().per_user(none.view(), 2);
  ASSERT_EQ(values.size(), 2U);
  const auto over = metric().over_users(values);
  EXPECT_TRUE(std::isnan(over.value));
  EXPECT_EQ(over.users, 0U);
  EXPECT_EQ(over.standard_error, 0);
  EXPECT_TRUE(metric().per_user(none.view(), 0).empty());
}

TEST_P(UserMetricContract, ASingleUserHasNoStandardError) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const auto scores = random_scores(random_, 30, 2);
  const auto over = metric().over_users(metric().per_user(scores.view(), 2));
  EXPECT_EQ(over.users, 1U);
  EXPECT_EQ(over.standard_error, 0);
  EXPECT_GE(over.value, GetParam().lowest);
}

TEST_P(UserMetricContract, HeavyUsersDoNotDecide) {
  ScoredArrays scores;
  scores.add(-1.0F, -1.3132617F, 1.0F, 0);
  for (int i = 0; i < 99; ++i) {
    scores.add(1.0F, -0.3132617F, 1.0F, 1);
  }
  const auto values = metric().per_user(scores.view(), 2);
  EXPECT_NEAR(metric().over_users(values).value, (values[0] + values[1]) / 2, 1e-12);
}

TEST_P(UserMetricContract, ATieIsAGuess) {
  ScoredArrays scores;
  scores.add(0.0F, std::log(0.5F), 3.0F, 0);
  scores.add(-0.0F, std::log(0.5F), 1.0F, 0);
  EXPECT_NEAR(metric().per_user(scores.view(), 1)[0], GetParam().at_tie, 1e-7);
}

TEST_P(UserMetricContract, ABetterModelIsBetterInItsOwnDirection) {
  ScoredArrays good, bad;
  good.add(2.0F, -0.126928F, 1.0F, 0);
  bad.add(-2.0F, -2.126928F, 1.0F, 0);
  const double of_good = metric().per_user(good.view(), 1)[0];
  const double of_bad = metric().per_user(bad.view(), 1)[0];
  const Objective objective{std::string(metric().name()), "", metric().direction(), ""};
  EXPECT_LT(objective.to_minimisation(of_good), objective.to_minimisation(of_bad));
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MetricContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UserMetricContract);

}  // namespace fairsweep::contract
