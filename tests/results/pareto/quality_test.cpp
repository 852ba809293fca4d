// The indicators of a front's quality: values by hand, properties, and what they answer for next to nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/epsilon.hpp"
#include "results/pareto/igd_plus.hpp"
#include "results/pareto/knees.hpp"
#include "results/pareto/r2.hpp"
#include "results/pareto/spread.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::cloud;
using test::Cloud;
using test::Kind;
using test::random_cloud;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Point = std::vector<double>;
constexpr double k_infinity = std::numeric_limits<double>::infinity();
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

TEST(AdditiveEpsilon, ByHand) {
  EXPECT_EQ(additive_epsilon(cloud({{2, 2}}).view(), cloud({{1, 1}, {3, 0}}).view()), 2);
  EXPECT_EQ(additive_epsilon(cloud({{2, 2}, {4, 0}}).view(), cloud({{1, 1}, {3, 0}}).view()), 1);
  EXPECT_EQ(additive_epsilon(cloud({{0, 0}}).view(), cloud({{1, 2}}).view()), -1);
  EXPECT_EQ(additive_epsilon({{}, 2}, cloud({{1, 2}}).view()), k_infinity);
}

TEST(IgdPlus, ByHand) {
  EXPECT_DOUBLE_EQ(igd_plus(cloud({{4, 5}}).view(), cloud({{1, 1}, {9, 9}}).view()), 2.5);
  EXPECT_EQ(igd_plus(cloud({{0, 0}}).view(), cloud({{1, 2}, {2, 1}}).view()), 0);
  EXPECT_EQ(igd_plus({{}, 2}, cloud({{1, 2}}).view()), k_infinity);
  EXPECT_DOUBLE_EQ(igd_plus(cloud({{3e300, 4e300}}).view(), cloud({{0, 0}}).view()), 5e300);
  EXPECT_DOUBLE_EQ(igd_plus(cloud({{3e-300, 4e-300}}).view(), cloud({{0, 0}}).view()), 5e-300);
}

TEST(DistanceIndicators, AreZeroToThemselvesAndNeverWorseWithMorePoints) {
  for (const std::size_t d : {1, 2, 3, 6}) {
    const Cloud reference = random_cloud(Kind::front, 30, d, 61);
    EXPECT_EQ(additive_epsilon(reference.view(), reference.view()), 0) << d;
    EXPECT_EQ(igd_plus(reference.view(), reference.view()), 0) << d;
    const Cloud few = random_cloud(Kind::cube, 10, d, 62);
    Cloud more = few;
    more.add(random_cloud(Kind::cube, 10, d, 63).values);
    EXPECT_LE(additive_epsilon(more.view(), reference.view()), additive_epsilon(few.view(), reference.view())) << d;
    EXPECT_LE(igd_plus(more.view(), reference.view()), igd_plus(few.view(), reference.view())) << d;
    Cloud moved = reference;
    for (double& x : moved.values)
      x += 0.25;
    EXPECT_NEAR(additive_epsilon(moved.view(), reference.view()), 0.25, 1e-15) << d;
  }
}

TEST(DistanceIndicators, RefuseWhatCannotBeCompared) {
  const Cloud one = cloud({{1, 1}}), three = cloud({{1, 1, 1}}), bad = cloud({{1, k_nan}});
  for (const auto indicator : {&additive_epsilon, &igd_plus}) {
    EXPECT_THROW((void)indicator(one.view(), three.view()), InternalError);
    EXPECT_THROW((void)indicator(one.view(), {{}, 2}), InternalError);
    EXPECT_THROW((void)indicator(bad.view(), one.view()), InternalError);
    EXPECT_THROW((void)indicator(one.view(), bad.view()), InternalError);
  }
}

TEST(R2, ByHandAndInTheLimit) {
  EXPECT_DOUBLE_EQ(r2(cloud({{1, 1}}).view(), Point{0, 0}), 0.75);
  EXPECT_DOUBLE_EQ(r2(cloud({{3}, {2}}).view(), Point{1}), 1);
  EXPECT_EQ(r2(cloud({{0, 0}, {1, 1}}).view(), Point{0, 0}), 0);
  EXPECT_EQ(r2({{}, 2}, Point{0, 0}), k_infinity);
  // The ends alone: min(w, 1 - w) has the integral 1/4.
  EXPECT_DOUBLE_EQ(r2(cloud({{0, 1}, {1, 0}}).view(), Point{0, 0}), 0.25);
  Cloud line{{}, 2};
  constexpr int k_points = 4000;
  for (int i = 0; i <= k_points; ++i)
    line.add(Point{static_cast<double>(i) / k_points, 1 - static_cast<double>(i) / k_points});
  EXPECT_NEAR(r2(line.view(), Point{0, 0}), 1.0 / 6, 1e-4);
  EXPECT_GT(r2(line.view(), Point{0, 0}), 1.0 / 6);
}

TEST(R2, AgreesWithSummingOverManyWeights) {
  for (const Kind kind : {Kind::cube, Kind::front, Kind::grid}) {
    const Cloud points = random_cloud(kind, 12, 2, 77);
    const Point ideal{-0.125, 0};
    double sum = 0;
    constexpr int k_weights = 200000;
    for (int i = 0; i < k_weights; ++i) {
      const double weight = (i + 0.5) / k_weights;
      double least = k_infinity;
      for (std::size_t row = 0; row < points.size(); ++row) {
        const auto point = points.view()[row];
        least = std::min(least, std::max(weight * (point[0] - ideal[0]), (1 - weight) * (point[1] - ideal[1])));
      }
      sum += least / k_weights;
    }
    EXPECT_NEAR(r2(points.view(), ideal), sum, 1e-9) << to_text(kind) << ", seed 77";
  }
}

TEST(R2, WeightsAreAllWaysToDeal) {
  EXPECT_THAT(r2_weights(1), ElementsAre(1));
  EXPECT_EQ(r2_weights(3).size(), 3U * 141 * 140 / 2);  // 139 parts
  EXPECT_EQ(r2_weights(10).size(), 10U * 5005);         // 6 parts
  for (const std::size_t d : {2, 3, 6, 40}) {
    const std::vector<double> weights = r2_weights(d);
    EXPECT_LE(weights.size() / d, 10'000U);
    for (std::size_t i = 0; i < weights.size(); i += d) {
      double sum = 0;
      for (std::size_t column = 0; column < d; ++column)
        sum += weights[i + column];
      ASSERT_NEAR(sum, 1, 1e-12) << d;
    }
  }
}

TEST(R2, RefusesAnIdealThatIsBeaten) {
  EXPECT_THROW((void)r2(cloud({{1, 1}}).view(), Point{0, 2}), InternalError);
  EXPECT_THROW((void)r2(cloud({{1, 1}}).view(), Point{0}), InternalError);
  EXPECT_THROW((void)r2(cloud({{1, k_infinity}}).view(), Point{0, 0}), InternalError);
}

TEST(Spread, ByHand) {
  EXPECT_NEAR(spread(cloud({{0, 4}, {1, 3}, {4, 0}}).view()), 8.0 / 15, 1e-15);
  EXPECT_NEAR(spread(cloud({{0, 2}, {1, 1}, {2, 0}, {2, 2}, {1, 1}}).view()), 0, 1e-15);
  // The ends of the reference set are at a distance of a quarter and of half of the diagonal.
  const Cloud wide = cloud({{0, 4}, {4, 0}});
  EXPECT_NEAR(spread(cloud({{1, 3}, {2, 2}}).view(), wide.view()), 0.75 / (0.75 + 0.5), 1e-15);
}

TEST(Spread, ScalesDoNotMatter) {
  const Cloud points = random_cloud(Kind::front, 20, 3, 8);
  Cloud scaled = points;
  for (std::size_t i = 0; i < scaled.values.size(); ++i)
    scaled.values[i] = scaled.values[i] * (i % 3 == 0 ? 1024 : 1) - 2;
  EXPECT_NEAR(spread(points.view()), spread(scaled.view()), 1e-12);
}

TEST(Spread, IsNotDefinedForNextToNothing) {
  EXPECT_TRUE(std::isnan(spread({{}, 2})));
  EXPECT_TRUE(std::isnan(spread(cloud({{1, 2}}).view())));
  EXPECT_TRUE(std::isnan(spread(cloud({{1, 2}, {1, 2}, {2, 3}}).view())));
  EXPECT_TRUE(std::isnan(spread(cloud({{1, 2}, {2, 1}}).view(), cloud({{3, 3}}).view())));
  EXPECT_THROW((void)spread(cloud({{1, k_nan}}).view()), InternalError);
  EXPECT_THROW((void)spread(cloud({{1, 2}}).view(), cloud({{1}}).view()), InternalError);
}

TEST(Knees, AreWhereTheFrontBulges) {
  const Knees one = knees(cloud({{0, 4}, {1, 1}, {4, 0}, {4, 4}}).view());
  EXPECT_THAT(one.rows, ElementsAre(1));
  EXPECT_DOUBLE_EQ(one.distance, 0.5 / std::sqrt(2.0));
  const Knees two = knees(cloud({{8, 0}, {4, 1}, {1, 4}, {0, 8}, {1, 4}}).view());
  EXPECT_THAT(two.rows, ElementsAre(1, 2, 4));
  const Knees constant = knees(cloud({{0, 7, 4}, {1, 7, 1}, {4, 7, 0}}).view());
  EXPECT_THAT(constant.rows, ElementsAre(1));
  EXPECT_DOUBLE_EQ(constant.distance, one.distance);
  const Knees far = knees(cloud({{-1.5e308, 1.5e308}, {-1e308, -1e308}, {1.5e308, -1.5e308}}).view());
  EXPECT_THAT(far.rows, ElementsAre(1));
}

TEST(Knees, ThereMayBeNone) {
  EXPECT_THAT(knees({{}, 2}).rows, IsEmpty());
  EXPECT_THAT(knees(cloud({{1, 2}}).view()).rows, IsEmpty());
  EXPECT_THAT(knees(cloud({{1}, {2}}).view()).rows, IsEmpty());
  EXPECT_THAT(knees(cloud({{0, 1}, {1, 0}}).view()).rows, IsEmpty());
  EXPECT_THAT(knees(cloud({{0, 3}, {2, 2}, {3, 0}}).view()).rows, IsEmpty());                      // concave
  EXPECT_THAT(knees(cloud({{0, 0.3}, {0.1, 0.2}, {0.2, 0.1}, {0.3, 0}}).view()).rows, IsEmpty());  // a line
  EXPECT_EQ(knees(cloud({{0, 1}, {1, 0}}).view()).distance, 0);
  EXPECT_THROW((void)knees(cloud({{1, k_nan}}).view()), InternalError);
}

}  // namespace
}  // namespace fairsweep::pareto
