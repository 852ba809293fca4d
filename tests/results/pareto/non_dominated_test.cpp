#include "results/pareto/non_dominated.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::cloud;
using test::Cloud;
using test::k_kinds;
using test::Kind;
using test::random_cloud;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::size_t> compared_all(const Cloud& points, Copies copies) {
  std::vector<std::size_t> kept;
  const PointsView view = points.view();
  for (std::size_t i = 0; i < view.size(); ++i) {
    bool good = true;
    for (std::size_t j = 0; j < view.size() && good; ++j) {
      good =
          !dominates(view[j], view[i]) && !(copies == Copies::first && j < i && std::ranges::equal(view[j], view[i]));
    }
    if (good)
      kept.push_back(i);
  }
  return kept;
}

TEST(NonDominated, NothingAndOnePoint) {
  EXPECT_THAT(non_dominated({{}, 0}), IsEmpty());
  EXPECT_THAT(non_dominated({{}, 3}), IsEmpty());
  for (const std::size_t dimensions : {1, 2, 3, 4, 7}) {
    const Cloud one{std::vector<double>(dimensions, 5.0), dimensions};
    EXPECT_THAT(non_dominated(one.view()), ElementsAre(0)) << dimensions;
  }
}

TEST(NonDominated, CopiesAreAllOrFirst) {
  const Cloud points = cloud({{3, 3}, {1, 2}, {2, 1}, {1, 2}, {2, 2}, {2, 1}});
  EXPECT_THAT(non_dominated(points.view(), Copies::all), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(non_dominated(points.view(), Copies::first), ElementsAre(1, 2));
}

TEST(NonDominated, ZeroAndMinusZeroAreCopies) {
  const Cloud points = cloud({{0.0, 1}, {-0.0, 1}, {0.0, 2}});
  EXPECT_THAT(non_dominated(points.view(), Copies::all), ElementsAre(0, 1));
  EXPECT_THAT(non_dominated(points.view(), Copies::first), ElementsAre(0));
}

TEST(NonDominated, AllEqualPointsStay) {
  for (const std::size_t dimensions : {1, 2, 3, 4, 6}) {
    const Cloud points{std::vector<double>(dimensions * 100, 0.5), dimensions};
    EXPECT_EQ(non_dominated(points.view(), Copies::all).size(), 100U) << dimensions;
    EXPECT_THAT(non_dominated(points.view(), Copies::first), ElementsAre(0)) << dimensions;
  }
}

TEST(NonDominated, RefusesWhatCannotBeRanked) {
  EXPECT_THROW((void)non_dominated(cloud({{1, std::numeric_limits<double>::quiet_NaN()}}).view()), InternalError);
  EXPECT_THROW((void)non_dominated(cloud({{1, std::numeric_limits<double>::infinity()}}).view()), InternalError);
}

// A divide and conquer elsewhere gave 75 points instead of 14 on such data: ties must not confuse ours.
TEST(NonDominated, AgreesWithComparingAllPairs) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t dimensions : {1, 2, 3, 4, 5, 8}) {
      for (const std::size_t rows : {2, 17, 100, 400}) {
        const std::uint64_t seed = 1000 * rows + dimensions;
        SCOPED_TRACE(to_text(kind) + ", " + std::to_string(dimensions) + " dimensions, " + std::to_string(rows) +
                     " rows, seed " + std::to_string(seed));
        const Cloud points = random_cloud(kind, rows, dimensions, seed);
        EXPECT_EQ(non_dominated(points.view(), Copies::all), compared_all(points, Copies::all));
        EXPECT_EQ(non_dominated(points.view(), Copies::first), compared_all(points, Copies::first));
      }
    }
  }
}

TEST(NonDominated, LargeTiedGridHasTheKnownFront) {
  // Every point of {0, ..., 9}^4 with sum at least 9: the front is the simplex of those with sum 9.
  Cloud points{{}, 4};
  std::size_t on_simplex = 0;
  for (int code = 0; code < 10000; ++code) {
    const std::vector<double> point{static_cast<double>(code / 1000), static_cast<double>(code / 100 % 10),
                                    static_cast<double>(code / 10 % 10), static_cast<double>(code % 10)};
    const double sum = point[0] + point[1] + point[2] + point[3];
    if (sum < 9)
      continue;
    points.add(point);
    on_simplex += sum == 9 ? 1 : 0;
  }
  EXPECT_EQ(on_simplex, 220U);
  EXPECT_EQ(non_dominated(points.view()).size(), on_simplex);
}

TEST(NonDominated, DoesNotDependOnTheOrderOfRowsAndIsIdempotent) {
  for (const Kind kind : k_kinds) {
    const Cloud points = random_cloud(kind, 300, 4, 77);
    const auto front_of = [](const Cloud& given) {
      std::multiset<std::vector<double>> front;
      for (const std::size_t row : non_dominated(given.view())) {
        front.emplace(given.view()[row].begin(), given.view()[row].end());
      }
      return front;
    };
    const auto front = front_of(points);
    EXPECT_EQ(front_of(shuffled(points, 5)), front) << to_text(kind) << ", seeds 77 and 5";
    Cloud again{{}, 4};
    for (const auto& point : front)
      again.add(point);
    EXPECT_EQ(front_of(again), front) << to_text(kind);
  }
}

TEST(NonDominated, TakesTheWholeNumberRange) {
  const Cloud points = cloud({{1e300, -1e300, 1e-300, 0}, {-1e300, 1e300, 0, 1e-300}, {1e300, 1e300, 1, 1}});
  EXPECT_THAT(non_dominated(points.view()), ElementsAre(0, 1));
}

}  // namespace
}  // namespace fairsweep::pareto
