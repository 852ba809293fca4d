#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "objectives/metrics/support/correlation.hpp"
#include "objectives/metrics/support/majority_gap.hpp"
#include "objectives/metrics/support/support_curve.hpp"

namespace fairsweep::fairness {
namespace {

using Values = std::vector<double>;

const double k_nan = std::numeric_limits<double>::quiet_NaN();

TEST(Correlation, ByHand) {
  const Values x = {1, 2, 3, 4}, y = {1, 3, 2, 6};
  // Means 2.5 and 3: Sxy = 1.5 x 2 + 0 + 0.5 x -1 + 1.5 x 3 = 7, Sxx = 5, Syy = 4 + 0 + 1 + 9 = 14.
  EXPECT_DOUBLE_EQ(least_squares_slope(x, y), 1.4);
  EXPECT_DOUBLE_EQ(pearson_correlation(x, y), 7 / std::sqrt(70.0));
  // Ranks of y: 1 3 2 4; squared differences 0 1 1 0: 1 - 6 x 2 / (4 x 15).
  EXPECT_DOUBLE_EQ(spearman_correlation(x, y), 0.8);
  EXPECT_EQ(mid_ranks(Values{5, 1, 5, 0, 5}), (Values{4, 2, 4, 1, 4}));
}

TEST(Correlation, NothingToSayWhereAllAreEqual) {
  // Three times 0.1 has a mean that is not 0.1: a rounding error is no spread.
  for (const Values& equal : {Values{0.1, 0.1, 0.1}, Values{0, 0, 0}}) {
    EXPECT_TRUE(std::isnan(least_squares_slope(equal, Values{1, 2, 3})));
    EXPECT_TRUE(std::isnan(pearson_correlation(equal, Values{1, 2, 3})));
    EXPECT_TRUE(std::isnan(pearson_correlation(Values{1, 2, 3}, equal)));
    EXPECT_TRUE(std::isnan(spearman_correlation(Values{1, 2, 3}, equal)));
    EXPECT_NEAR(least_squares_slope(Values{1, 2, 3}, equal), 0, 1e-15);
  }
  EXPECT_TRUE(std::isnan(least_squares_slope({}, {})));
  EXPECT_THROW((void)pearson_correlation(Values{1}, Values{1, 2}), InternalError);
}

TEST(Correlation, PropertiesOnRandomValues) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 100; ++round) {
    Values x(3 + random() % 40), y(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = normal(random);
      y[i] = 0.5 * x[i] + normal(random);
    }
    const double slope = least_squares_slope(x, y), pearson = pearson_correlation(x, y);
    const double spearman = spearman_correlation(x, y);
    EXPECT_LE(std::fabs(pearson), 1);
    EXPECT_LE(std::fabs(spearman), 1);
    EXPECT_NEAR(pearson_correlation(y, x), pearson, 1e-12);
    EXPECT_NEAR(slope * least_squares_slope(y, x), pearson * pearson, 1e-12) << "the two slopes make the correlation";
    Values moved = x, bent = x;
    for (std::size_t i = 0; i < x.size(); ++i) {
      moved[i] = -3 * x[i] + 5;
      bent[i] = std::exp(x[i]);
    }
    EXPECT_NEAR(pearson_correlation(moved, y), -pearson, 1e-12);
    EXPECT_NEAR(least_squares_slope(moved, y), -slope / 3, 1e-11);
    EXPECT_NEAR(spearman_correlation(bent, y), spearman, 1e-12);
    // The slow twin of the ranks: half of what is equal, and all that is less.
    const Values ranks = mid_ranks(y);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto less = std::ranges::count_if(y, [&](double other) { return other < y[i]; });
      const auto equal = std::ranges::count(y, y[i]);
      EXPECT_EQ(ranks[i], static_cast<double>(less) + static_cast<double>(equal + 1) / 2);
    }
  }
}

TEST(MajorityGap, ManyMinusFew) {
  const Values values = {0.6, 0.9, 0.7};
  EXPECT_NEAR(majority_gap(values, std::vector<std::size_t>{5, 2, 9}), 0.7 - 0.9, 1e-15);
  EXPECT_NEAR(majority_gap(values, std::vector<std::size_t>{4, 4, 4}), 0.6 - 0.7, 1e-15) << "in their order";
  EXPECT_TRUE(std::isnan(majority_gap(Values{0.6}, std::vector<std::size_t>{5})));
  EXPECT_TRUE(std::isnan(majority_gap({}, {})));
}

TEST(SupportCurve, SlopeAndRankCorrelationByHand) {
  const SupportCurve curve = support_curve(Values{0.1, 0.2, 0.3, 0.4, k_nan, 0.5}, Values{1, 2, 2, 5, 100, k_nan});
  EXPECT_EQ(curve.people, 4U);
  // Around means 0.25 and 2.5: Sxy = 0.6, Sxx = 0.05.
  EXPECT_NEAR(curve.slope, 12, 1e-12);
  // Ranks 1 2 3 4 and 1 2.5 2.5 4: 4.5 / sqrt(5 * 4.5).
  EXPECT_NEAR(curve.correlation, 4.5 / std::sqrt(22.5), 1e-12);
  // Syy = 2.25 + 0.25 + 0.25 + 6.25 = 9.
  EXPECT_NEAR(curve.pearson, 0.6 / std::sqrt(0.05 * 9), 1e-12);
}

TEST(SupportCurve, NothingToSayWhereAllAreEqualOrNobodyIsKnown) {
  EXPECT_TRUE(std::isnan(support_curve(Values{0.5, 0.5}, Values{1, 2}).slope));
  EXPECT_EQ(support_curve(Values{0.5, 0.5}, Values{1, 2}).bins.size(), 1U);
  EXPECT_TRUE(support_curve(Values{k_nan}, Values{1}).bins.empty());
  EXPECT_TRUE(std::isnan(support_curve(Values{0.1, 0.2}, Values{3, 3}).correlation));
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
  const SupportCurve curve = support_curve(Values{0.5, 0.5, 0.5}, Values{1, 2, 6});
  ASSERT_EQ(curve.bins.size(), 1U);
  EXPECT_DOUBLE_EQ(curve.bins[0].mean, 3);
  EXPECT_DOUBLE_EQ(curve.bins[0].standard_error, std::sqrt(14.0 / 2 / 3));
  EXPECT_TRUE(std::isnan(support_curve(Values{0.5}, Values{1}).bins[0].standard_error));
}

}  // namespace
}  // namespace fairsweep::fairness
