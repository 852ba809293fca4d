#include "results/report/person_curves.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random/philox.hpp"
#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

const double k_nan = std::numeric_limits<double>::quiet_NaN();

/// One configuration with two replicates, five people: groups 0, 0, 1, 1 and none.
PersonResults five_people() {
  PersonResults results;
  results.people.groups = {"few", "many"};
  results.people.user = {0, 1, 2, 3, 4};
  results.people.group = {0, 0, 1, 1, -1};
  results.people.in_training = {1, 1, 1, 1, 0};
  results.people.support = {0.2, 0.4, 0.6, 0.8, k_nan};
  results.metric = "accuracy";
  results.trials = {{0}, {1}};
  results.test.people = {0, 1, 2, 4};
  results.test.values = {0.5, 0.75, 0.25, 1, 1, k_nan, 0.75, 0};
  return results;
}

RunSummary two_replicates() {
  RunRecord record = test::small_record({{1, 1}}, {0.5});
  record.replicates = 2;
  record.trials = {test::small_trial(0, 0, 2, 1, 1), test::small_trial(0, 1, 2, 1, 1)};
  return summarise_run("run", record, {});
}

TEST(PersonCurves, EachPersonCountsOnceWithTheMeanOfTheReplicates) {
  const PersonResults people = five_people();
  const PersonCurves curves = person_curves(two_replicates(), people, people.test, {0});
  EXPECT_EQ(curves.replicates, 2U);
  ASSERT_EQ(curves.spreads.size(), 3U);
  EXPECT_EQ(curves.spreads[0].people, 4U);
  EXPECT_DOUBLE_EQ(curves.spreads[0].mean, (0.75 + 0.75 + 0.5 + 0.5) / 4);
  EXPECT_EQ(curves.spreads[1].group, "few");
  EXPECT_DOUBLE_EQ(curves.spreads[1].mean, 0.75);
  EXPECT_EQ(curves.spreads[2].people, 1U);
  EXPECT_EQ(curves.support.people, 3U);
}

TEST(PersonCurves, QuantilesAreTheInverseOfTheShareAtOrBelow) {
  RandomStream random(4, 0, 0, Purpose::bootstrap);
  for (const std::size_t n : {1, 2, 7, 40, 41, 123}) {
    PersonResults people = five_people();
    people.people.user.assign(n, 0);
    people.people.group.assign(n, 0);
    people.people.in_training.assign(n, 1);
    people.people.support.assign(n, k_nan);
    people.trials = {{0}};
    people.test.people.clear();
    people.test.values.clear();
    for (std::size_t i = 0; i < n; ++i) {
      people.test.people.push_back(static_cast<std::int64_t>(i));
      people.test.values.push_back(std::floor(20 * random.uniform()) / 20);
    }
    const PersonSpread spread = person_curves(two_replicates(), people, people.test, {0}).spreads[0];
    ASSERT_EQ(spread.quantiles.size(), 41U);
    const auto share = [&](double value, bool equal) {
      return static_cast<double>(std::ranges::count_if(
                 people.test.values, [&](double one) { return one < value || (equal && one == value); })) /
             static_cast<double>(n);
    };
    for (std::size_t i = 0; i <= 40; ++i) {
      EXPECT_GE(share(spread.quantiles[i], true), static_cast<double>(i) / 40 - 1e-12) << n << ", seed 4";
      if (i > 0) {
        EXPECT_LT(share(spread.quantiles[i], false), static_cast<double>(i) / 40 + 1e-12) << n << ", seed 4";
      }
    }
    EXPECT_EQ(spread.quantiles.front(), std::ranges::min(people.test.values));
    EXPECT_EQ(spread.quantiles.back(), std::ranges::max(people.test.values));
  }
}

TEST(SupportCurve, SlopeAndRankCorrelationByHand) {
  const SupportCurve curve = support_curve({0.1, 0.2, 0.3, 0.4, k_nan, 0.5}, {1, 2, 2, 5, 100, k_nan});
  EXPECT_EQ(curve.people, 4U);
  // Around means 0.25 and 2.5: Sxy = 0.6, Sxx = 0.05.
  EXPECT_NEAR(curve.slope, 12, 1e-12);
  // Ranks 1 2 3 4 and 1 2.5 2.5 4: 4.5 / sqrt(5 * 4.5).
  EXPECT_NEAR(curve.correlation, 4.5 / std::sqrt(22.5), 1e-12);
}

TEST(SupportCurve, NothingToSayWhereAllAreEqualOrNobodyIsKnown) {
  EXPECT_TRUE(std::isnan(support_curve({0.5, 0.5}, {1, 2}).slope));
  EXPECT_EQ(support_curve({0.5, 0.5}, {1, 2}).bins.size(), 1U);
  EXPECT_TRUE(support_curve({k_nan}, {1}).bins.empty());
  EXPECT_TRUE(std::isnan(support_curve({0.1, 0.2}, {3, 3}).correlation));
}

TEST(SupportCurve, BinsHoldEverybodyOnceAndKeepEqualRatesTogether) {
  RandomStream random(9, 0, 0, Purpose::bootstrap);
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 1 + random.below(60);
    const double grain = 1 + static_cast<double>(random.below(30));
    std::vector<double> support, values;
    for (std::size_t i = 0; i < n; ++i) {
      support.push_back(std::floor(grain * random.uniform()) / grain);
      values.push_back(random.uniform());
    }
    const SupportCurve curve = support_curve(support, values);
    ASSERT_LE(curve.bins.size(), 10U);
    std::size_t people = 0;
    double sum = 0;
    for (std::size_t bin = 0; bin < curve.bins.size(); ++bin) {
      people += curve.bins[bin].people;
      sum += curve.bins[bin].mean * static_cast<double>(curve.bins[bin].people);
      if (bin > 0) {
        EXPECT_LT(curve.bins[bin - 1].high, curve.bins[bin].low) << "seed 9, round " << round;
      }
    }
    EXPECT_EQ(people, n) << "seed 9, round " << round;
    double wanted = 0;
    for (const double value : values)
      wanted += value;
    EXPECT_NEAR(sum, wanted, 1e-9);
    if (grain > 29 && n > 50) {
      EXPECT_GE(curve.bins.size(), 7U) << "seed 9, round " << round;
    }
  }
}

TEST(SupportCurve, ErrorOfABinByHand) {
  const SupportCurve curve = support_curve({0.5, 0.5, 0.5}, {1, 2, 6});
  ASSERT_EQ(curve.bins.size(), 1U);
  EXPECT_DOUBLE_EQ(curve.bins[0].mean, 3);
  EXPECT_DOUBLE_EQ(curve.bins[0].standard_error, std::sqrt(14.0 / 2 / 3));
  EXPECT_TRUE(std::isnan(support_curve({0.5}, {1}).bins[0].standard_error));
}

}  // namespace
}  // namespace fairsweep::report
