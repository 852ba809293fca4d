#include "results/pareto/contributions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/hypervolume.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::cloud;
using test::Cloud;
using test::k_kinds;
using test::Kind;
using test::random_cloud;
using ::testing::DoubleEq;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Point = std::vector<double>;

TEST(Contributions, SmallSetsByHand) {
  EXPECT_THAT(contributions({{}, 2}, Point{1, 1}), IsEmpty());
  EXPECT_THAT(contributions(cloud({{1, 2}, {2, 1}}).view(), Point{3, 3}), ElementsAre(1, 1));
  EXPECT_THAT(contributions(cloud({{4}, {1}, {3}}).view(), Point{7}), ElementsAre(0, 2, 0));
  // (2, 2) lies in what (1, 1) covers alone but for (0, 3): 2 x 2 below (3, 3), without the unit cell at (2, 2).
  EXPECT_THAT(contributions(cloud({{1, 1}, {2, 2}, {0, 3}, {5, 0}}).view(), Point{3, 3}), ElementsAre(3, 0, 0, 0));
  // Unit cubes at the corners of a larger one: -e_i below 1, each alone in one unit.
  const Cloud spikes = cloud({{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}});
  EXPECT_THAT(contributions(spikes.view(), Point(3, 1.0)), Each(1.0));
}

TEST(Contributions, CopiesAndDominatedRowsHaveNone) {
  for (const std::size_t d : {1, 2, 3, 4, 6}) {
    Cloud points{Point(d, 0.5), d};
    points.add(Point(d, 0.5));
    points.add(Point(d, 0.75));
    EXPECT_THAT(contributions(points.view(), Point(d, 1.0)), Each(0.0)) << d;
    const Cloud two{{points.values.begin() + static_cast<std::ptrdiff_t>(d), points.values.end()}, d};
    const auto found = contributions(two.view(), Point(d, 1.0));
    EXPECT_NEAR(found[0], std::pow(0.5, d) - std::pow(0.25, d), 1e-15) << d;
    EXPECT_EQ(found[1], 0) << d;
  }
}

TEST(Contributions, AreWhatTheVolumeLoses) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {1, 2, 3, 4, 5, 6}) {
      for (const std::size_t rows : {2, 7, 12}) {
        const std::uint64_t seed = 91 * rows + d;
        const Cloud points = random_cloud(kind, rows, d, seed);
        const Point reference(d, kind == Kind::chain ? static_cast<double>(rows) + 1 : 1.0625);
        const double whole = slab_volume(points, reference);
        const auto found = contributions(points.view(), reference);
        for (std::size_t row = 0; row < rows; ++row) {
          Cloud rest{{}, d};
          for (std::size_t other = 0; other < rows; ++other) {
            if (other != row)
              rest.add(points.view()[other]);
          }
          EXPECT_NEAR(found[row], whole - slab_volume(rest, reference), 1e-12 * whole)
              << to_text(kind) << ", row " << row << " of " << rows << ", " << d << " dimensions, seed " << seed;
        }
      }
    }
  }
}

TEST(Contributions, LargerFrontsAgreeWithDifferencesOfVolumes) {
  for (const std::size_t d : {2, 3, 4, 5, 7}) {
    const std::size_t rows = d < 5 ? 80 : 25;
    const Cloud points = random_cloud(Kind::front, rows, d, 33);
    const Point reference(d, 1.0);
    const double whole = hypervolume(points.view(), reference);
    const auto found = contributions(points.view(), reference);
    for (std::size_t row = 0; row < rows; ++row) {
      Cloud rest{{}, d};
      for (std::size_t other = 0; other < rows; ++other) {
        if (other != row)
          rest.add(points.view()[other]);
      }
      EXPECT_NEAR(found[row], whole - hypervolume(rest.view(), reference), 1e-12 * whole)
          << d << " dimensions, row " << row << ", seed 33";
    }
  }
}

// Elsewhere contributions below 1.5e-8 became 0. Powers of two are exact, so nothing but the scale may change.
TEST(Contributions, HaveNoLeastValue) {
  for (const std::size_t d : {2, 3, 4, 6}) {
    const Cloud points = random_cloud(Kind::front, 12, d, 44);
    const auto found = contributions(points.view(), Point(d, 1.0));
    for (const int exponent : {-200, -40, 100}) {
      Cloud scaled = points;
      for (double& x : scaled.values)
        x = std::ldexp(x, exponent);
      const auto again = contributions(scaled.view(), Point(d, std::ldexp(1.0, exponent)));
      for (std::size_t row = 0; row < found.size(); ++row) {
        const double expected = std::ldexp(found[row], exponent * static_cast<int>(d));
        if (std::isnormal(expected)) {
          EXPECT_NEAR(again[row] / expected, 1, 1e-9) << d << " dimensions, 2^" << exponent << ", row " << row;
        }
      }
    }
  }
}

TEST(Contributions, ASliverIsNotLostInItsBox) {
  // The last point is ahead of the box of (0, ..., 0) by 2^-40 in one column, in a box of about 1.
  for (const std::size_t d : {2, 3, 4, 5, 8}) {
    Cloud points{Point(d, 0.0), d};
    Point ahead(d, std::ldexp(1.0, -1));
    ahead.at(0) = -std::ldexp(1.0, -40);
    points.add(ahead);
    const auto found = contributions(points.view(), Point(d, 1.0));
    EXPECT_THAT(found[1], DoubleEq(std::ldexp(1.0, -40 - static_cast<int>(d - 1)))) << d;
  }
}

TEST(Contributions, RefusesWhatHasNone) {
  EXPECT_THROW((void)contributions(cloud({{1, std::numeric_limits<double>::quiet_NaN()}}).view(), Point{2, 2}),
               InternalError);
  EXPECT_THROW((void)contributions(cloud({{1, 1}}).view(), Point{2}), InternalError);
}

}  // namespace
}  // namespace fairsweep::pareto
