#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "objectives/metrics/chance/binomial_floor.hpp"
#include "objectives/metrics/chance/people_bootstrap.hpp"
#include "objectives/metrics/inequality/gini.hpp"
#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/inequality/standard_deviation.hpp"
#include "objectives/metrics/inequality/value_range.hpp"

namespace fairsweep::fairness {
namespace {

using Values = std::vector<double>;

std::vector<double> taken(const Values& values, std::span<const std::uint32_t> rows) {
  std::vector<double> drawn;
  drawn.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    drawn.push_back(values[row]);
  }
  return drawn;
}

TEST(PeopleBootstrap, OneSeedGivesTheSameNumbersAndAnotherOthers) {
  const Values values = {0.1, 0.4, 0.5, 0.9, 0.3, 0.8};
  const std::vector<std::int32_t> group(6, 0);
  const auto mean = [&](std::span<const std::uint32_t> rows) { return Values{mean_of(taken(values, rows))}; };
  const auto one = people_bootstrap(group, mean, {.draws = 200, .seed = 3});
  const auto again = people_bootstrap(group, mean, {.draws = 200, .seed = 3});
  const auto other = people_bootstrap(group, mean, {.draws = 200, .seed = 4});
  EXPECT_EQ(one[0].low, again[0].low);
  EXPECT_EQ(one[0].high, again[0].high);
  EXPECT_TRUE(one[0].low != other[0].low || one[0].high != other[0].high);
  EXPECT_LT(one[0].low, 0.5);
  EXPECT_GT(one[0].high, 0.5);
}

TEST(PeopleBootstrap, GroupsKeepTheirSizes) {
  const std::vector<std::int32_t> group = {4, -1, 4, 7, -1, 4};
  std::size_t draws = 0;
  (void)people_bootstrap(group,
                         [&](std::span<const std::uint32_t> rows) {
                           std::map<std::int32_t, int> count;
                           for (const std::uint32_t row : rows) {
                             ++count[group[row]];
                           }
                           EXPECT_EQ(count, (std::map<std::int32_t, int>{{-1, 2}, {4, 3}, {7, 1}}));
                           ++draws;
                           return Values{0};
                         },
                         {.draws = 50, .seed = 1});
  EXPECT_EQ(draws, 50U);
}

TEST(PeopleBootstrap, EveryMemberIsDrawnAsOften) {
  const std::vector<std::int32_t> group(5, 0);
  std::vector<int> times(5, 0);
  (void)people_bootstrap(group,
                         [&](std::span<const std::uint32_t> rows) {
                           for (const std::uint32_t row : rows) {
                             ++times[row];
                           }
                           return Values{0};
                         },
                         {.draws = 4000, .seed = 9});
  for (const int count : times) {
    EXPECT_NEAR(count, 4000, 5 * std::sqrt(20000 * 0.2 * 0.8)) << "seed 9";  // five standard deviations
  }
}

TEST(PeopleBootstrap, FewerThanTwoPeopleHaveNoInterval) {
  const auto nothing = [](std::span<const std::uint32_t>) { return Values{1, 2}; };
  for (const std::size_t people : {0, 1}) {
    const auto intervals = people_bootstrap(std::vector<std::int32_t>(people, 0), nothing, {});
    ASSERT_EQ(intervals.size(), 2U);
    EXPECT_TRUE(std::isnan(intervals[0].low) && std::isnan(intervals[1].high));
  }
  EXPECT_THROW((void)people_bootstrap(std::vector<std::int32_t>(3, 0), nothing, {.draws = 0}), InternalError);
}

// The interval of a mean covers the truth about as often as it says. With 40 people the percentile bootstrap is known
// to be a little short: between 92 and 95 % is what is expected of it.
TEST(PeopleBootstrap, CoversTheTruthAboutAsOftenAsItSays) {
  const std::uint64_t seed = 20;
  const int rounds = 600;
  int mean_covered = 0, deviation_covered = 0;
  for (int round = 0; round < rounds; ++round) {
    RandomStream random(seed, static_cast<std::uint32_t>(round), 0, Purpose::bootstrap);
    Values values(40);
    for (double& value : values) {
      value = random.uniform();
    }
    const auto intervals = people_bootstrap(std::vector<std::int32_t>(40, 0),
                                            [&](std::span<const std::uint32_t> rows) {
                                              const Values drawn = taken(values, rows);
                                              return Values{mean_of(drawn), standard_deviation(drawn)};
                                            },
                                            {.draws = 300, .seed = static_cast<std::uint64_t>(round)});
    const double deviation = std::sqrt(1.0 / 12);
    mean_covered += intervals[0].low <= 0.5 && 0.5 <= intervals[0].high ? 1 : 0;
    deviation_covered += intervals[1].low <= deviation && deviation <= intervals[1].high ? 1 : 0;
  }
  EXPECT_GT(mean_covered, 0.90 * rounds) << "seed " << seed;
  EXPECT_LT(mean_covered, 0.98 * rounds) << "seed " << seed;
  EXPECT_GT(deviation_covered, 0.86 * rounds) << "seed " << seed;  // biased downwards by one part in 80
  EXPECT_LT(deviation_covered, 0.98 * rounds) << "seed " << seed;
}

TEST(BinomialDistribution, ByHand) {
  // n = 3, p = 1/4: 27/64, 27/64, 9/64, 1/64.
  const Values below = binomial_distribution(3, 0.25);
  ASSERT_EQ(below.size(), 4U);
  EXPECT_NEAR(below[0], 27.0 / 64, 1e-14);
  EXPECT_NEAR(below[1], 54.0 / 64, 1e-14);
  EXPECT_NEAR(below[2], 63.0 / 64, 1e-14);
  EXPECT_EQ(below[3], 1);
  EXPECT_EQ(binomial_distribution(2, 0), (Values{1, 1, 1}));
  EXPECT_EQ(binomial_distribution(2, 1), (Values{0, 0, 1}));
  EXPECT_THROW((void)binomial_distribution(2, 1.1), InternalError);
}

TEST(BinomialFloor, TheVarianceIsTheExactOne) {
  const std::vector<std::uint32_t> comparisons = {1, 2, 3, 8, 20, 20, 5, 40};
  const auto floors = binomial_floor(
      comparisons, 0.7,
      [](std::span<const double> shares) { return Values{std::pow(standard_deviation(shares), 2), mean_of(shares)}; },
      {.draws = 20000, .seed = 5});
  // (1 - 1/8) x 0.21 x (1 + 1/2 + 1/3 + 1/8 + 2/20 + 1/5 + 1/40) / 8
  const double exact = 0.875 * 0.21 * (1 + 0.5 + 1.0 / 3 + 0.125 + 0.1 + 0.2 + 0.025) / 8;
  EXPECT_NEAR(expected_chance_variance(comparisons, 0.7), exact, 1e-15);
  EXPECT_NEAR(floors[0].mean, exact, 0.03 * exact) << "seed 5";
  EXPECT_NEAR(floors[1].mean, 0.7, 0.003) << "seed 5";
  EXPECT_LT(floors[0].interval.low, exact);
  EXPECT_GT(floors[0].interval.high, exact);
}

// The slow twin: every outcome of two groups of two people with 3 and 2 comparisons, with its probability.
TEST(BinomialFloor, TheRelativeGapOfTwoGroupsIsTheEnumeratedOne) {
  const std::vector<std::uint32_t> comparisons = {3, 2, 3, 2};
  const double right = 0.6;
  const auto gap = [](std::span<const double> shares) {
    const Values groups = {(shares[0] + shares[1]) / 2, (shares[2] + shares[3]) / 2};
    return relative_gap(groups, mean_of(shares));
  };
  const auto probability = [right](std::uint32_t n, std::uint32_t k) {
    const double choices[4][4] = {{1, 0, 0, 0}, {1, 1, 0, 0}, {1, 2, 1, 0}, {1, 3, 3, 1}};
    return choices[n][k] * std::pow(right, k) * std::pow(1 - right, n - k);
  };
  double sum = 0, known = 0;
  for (std::uint32_t a = 0; a <= 3; ++a) {
    for (std::uint32_t b = 0; b <= 2; ++b) {
      for (std::uint32_t c = 0; c <= 3; ++c) {
        for (std::uint32_t d = 0; d <= 2; ++d) {
          const double share = probability(3, a) * probability(2, b) * probability(3, c) * probability(2, d);
          const double value = gap(Values{a / 3.0, b / 2.0, c / 3.0, d / 2.0});
          if (!std::isnan(value)) {  // nobody was ever right
            sum += share * value;
            known += share;
          }
        }
      }
    }
  }
  const auto floors =
      binomial_floor(comparisons, right, [&](std::span<const double> shares) { return Values{gap(shares)}; },
                     {.draws = 40000, .seed = 11});
  EXPECT_NEAR(floors[0].mean, sum / known, 0.01) << "seed 11";  // a draw's deviation is about 0.37
}

// What is taken out is right on average: people who differ by a known deviation, and chance on top.
TEST(BinomialFloor, TheDeviationWithoutChanceIsThatOfThePeople) {
  const std::uint64_t seed = 31;
  const int people = 20000;
  Values shares, comparisons;
  for (int i = 0; i < people; ++i) {
    RandomStream random(seed, static_cast<std::uint32_t>(i), 0, Purpose::bootstrap);
    const double own = i % 2 == 0 ? 0.6 : 0.8;
    const int count = 2 + i % 7;
    double right = 0;
    for (int k = 0; k < count; ++k) {
      right += random.uniform() < own ? 1 : 0;
    }
    shares.push_back(right / count);
    comparisons.push_back(count);
  }
  EXPECT_GT(standard_deviation(shares), 0.2);
  EXPECT_NEAR(deviation_without_chance(shares, comparisons), 0.1, 0.01) << "seed " << seed;
}

TEST(BinomialFloor, MoreComparisonsAreALowerFloorAndCertaintyHasNone) {
  const auto measures = [](std::span<const double> shares) { return Values{gini(shares), value_range(shares)}; };
  double before = 1, before_range = 1.1;
  for (const std::uint32_t n : {2U, 8U, 32U, 128U}) {
    const auto floors = binomial_floor(std::vector<std::uint32_t>(50, n), 0.7, measures, {.draws = 200, .seed = 2});
    EXPECT_LT(floors[0].mean, before) << "seed 2";
    EXPECT_LT(floors[1].mean, before_range) << "seed 2";
    before = floors[0].mean;
    before_range = floors[1].mean;
  }
  const auto sure = binomial_floor(std::vector<std::uint32_t>(50, 4), 1, measures, {.draws = 20, .seed = 2});
  EXPECT_EQ(sure[0].mean, 0);
  EXPECT_EQ(sure[1].interval.high, 0);
  EXPECT_THROW((void)binomial_floor(std::vector<std::uint32_t>{0}, 0.5, measures, {}), InternalError);
}

}  // namespace
}  // namespace fairsweep::fairness
