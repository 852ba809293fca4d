#include "results/pareto/archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/non_dominated.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::Cloud;
using test::k_kinds;
using test::Kind;
using test::random_cloud;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Point = std::vector<double>;

Archive filled(const Cloud& points) {
  Archive archive(points.dimensions);
  for (std::size_t row = 0; row < points.size(); ++row)
    (void)archive.offer(points.view()[row]);
  return archive;
}

TEST(ArchiveOfPoints, TakesTurnsAwayAndDrops) {
  Archive archive(2);
  EXPECT_EQ(archive.size(), 0U);
  EXPECT_THAT(archive.offers(), IsEmpty());
  EXPECT_TRUE(archive.offer(Point{2, 2}));
  EXPECT_FALSE(archive.offer(Point{2, 2}));  // a copy
  EXPECT_FALSE(archive.offer(Point{2, 3}));
  EXPECT_TRUE(archive.offer(Point{1, 3}));
  EXPECT_THAT(archive.offers(), ElementsAre(0, 3));
  EXPECT_TRUE(archive.offer(Point{1, 2}));
  EXPECT_THAT(archive.offers(), ElementsAre(4));
  EXPECT_THAT(archive.points(), ElementsAre(1, 2));
  EXPECT_FALSE(archive.offer(Point{2, 2}));  // it has left; who drove it away is there
  EXPECT_EQ(archive.size(), 1U);
}

TEST(ArchiveOfPoints, IsTheFrontAfterEveryOffer) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {1, 2, 3, 5}) {
      const std::uint64_t seed = 700 + d;
      const Cloud points = random_cloud(kind, 60, d, seed);
      Archive archive(d);
      Cloud offered{{}, d};
      for (std::size_t row = 0; row < points.size(); ++row) {
        (void)archive.offer(points.view()[row]);
        offered.add(points.view()[row]);
        ASSERT_EQ(archive.offers(), non_dominated(offered.view(), Copies::first))
            << to_text(kind) << ", " << d << " dimensions, after row " << row << ", seed " << seed;
      }
    }
  }
}

TEST(ArchiveOfPoints, LargeSetsAgreeWithTheFilter) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {2, 3, 4, 6}) {
      const std::uint64_t seed = 800 + d;
      const Cloud points = random_cloud(kind, 3000, d, seed);
      const Archive archive = filled(points);
      EXPECT_EQ(archive.offers(), non_dominated(points.view(), Copies::first))
          << to_text(kind) << ", " << d << " dimensions, seed " << seed;
      EXPECT_EQ(archive.offers().size(), archive.size());
    }
  }
}

// A strong point may leave; whoever drove it away turns away what it would have. Scales must not make it weak or wrong.
TEST(ArchiveOfPoints, StrongPointsMayLeaveAtAnyScale) {
  for (const int exponent : {-1000, 0, 1000}) {
    for (const std::size_t d : {2, 4}) {
      Cloud points = random_cloud(Kind::grid, 4000, d, 31);
      const Cloud better = random_cloud(Kind::cube, 4000, d, 32);
      for (const double x : better.values)
        points.values.push_back(x - 0.25);
      for (double& x : points.values)
        x = std::ldexp(x, exponent);
      EXPECT_EQ(filled(points).offers(), non_dominated(points.view(), Copies::first))
          << d << " dimensions, 2^" << exponent << ", seeds 31 and 32";
    }
  }
}

// Sorted offers make every split fall on one side; the tree has to be made again now and then.
TEST(ArchiveOfPoints, SortedOffersAndTiesAreNoTrouble) {
  constexpr std::size_t k_rows = 20000;
  Cloud up{{}, 2}, flat{{}, 3};
  for (std::size_t i = 0; i < k_rows; ++i) {
    up.add(Point{static_cast<double>(i), -static_cast<double>(i)});
    flat.add(Point{1, static_cast<double>(i), -static_cast<double>(i)});
  }
  for (const Cloud& points : {up, flat}) {
    const Archive archive = filled(points);
    EXPECT_EQ(archive.size(), k_rows);
    EXPECT_EQ(archive.points(), points.values);
  }
}

TEST(ArchiveOfPoints, OnePointMayDropAllOthers) {
  for (const std::size_t d : {2, 3, 5}) {
    Archive archive = filled(random_cloud(Kind::front, 2000, d, 5));
    EXPECT_GT(archive.size(), 1500U);
    EXPECT_TRUE(archive.offer(Point(d, -1.0)));
    EXPECT_THAT(archive.offers(), ElementsAre(2000));
    EXPECT_FALSE(archive.offer(Point(d, 0.0)));
    EXPECT_EQ(archive.points(), Point(d, -1.0));
  }
}

TEST(ArchiveOfPoints, RefusesWhatCannotBeRanked) {
  Archive archive(2);
  EXPECT_THROW(archive.offer(Point{1}), InternalError);
  EXPECT_THROW(archive.offer(Point{1, std::numeric_limits<double>::quiet_NaN()}), InternalError);
  EXPECT_THROW(archive.offer(Point{1, std::numeric_limits<double>::infinity()}), InternalError);
  EXPECT_THROW(Archive(0), InternalError);
  // What is not finite is refused, too, where a strong point would turn it away unseen.
  for (const std::size_t d : {2, 3}) {
    Archive strong(d);
    EXPECT_TRUE(strong.offer(Point(d, 0.0)));
    EXPECT_FALSE(strong.offer(Point(d, 1.0)));
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()}) {
      Point point(d, 1.0);
      point.back() = bad;
      EXPECT_THROW(strong.offer(point), InternalError) << d << " dimensions, " << bad;
    }
    EXPECT_THROW(strong.offer(Point(d + 1, 1.0)), InternalError);
    EXPECT_FALSE(strong.offer(Point(d, std::numeric_limits<double>::max())));
    EXPECT_THAT(strong.offers(), ElementsAre(0));
  }
}

}  // namespace
}  // namespace fairsweep::pareto
