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

}  // namespace
}  // namespace fairsweep::report
