#include "results/pareto/attainment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/hypervolume.hpp"
#include "tests/results/pareto/stream_source.hpp"

namespace fairsweep::pareto {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Attainment, SurfacesOfThreeRunsByHand) {
  // Run 0: (1,3) (3,1); run 1: (2,2); run 2: (4,4).
  const std::vector<double> points = {1, 3, 3, 1, 2, 2, 4, 4};
  const std::vector<std::size_t> run_of = {0, 0, 1, 2};
  const RunsView runs{{points, 2}, run_of, 3};
  EXPECT_THAT(attainment_surface(runs, 1), ElementsAre(1, 3, 2, 2, 3, 1));
  EXPECT_THAT(attainment_surface(runs, 2), ElementsAre(2, 3, 3, 2));
  EXPECT_THAT(attainment_surface(runs, 3), ElementsAre(4, 4));
  EXPECT_EQ(runs_attaining(runs, std::array<double, 2>{2, 3}), 2U);
  EXPECT_EQ(runs_attaining(runs, std::array<double, 2>{1.9, 2.9}), 0U);
}

TEST(Attainment, OneDimensionIsAnOrderStatistic) {
  const std::vector<double> points = {5, 1, 4, 3};
  const std::vector<std::size_t> run_of = {0, 0, 1, 2};
  const RunsView runs{{points, 1}, run_of, 3};
  EXPECT_THAT(attainment_surface(runs, 1), ElementsAre(1));
  EXPECT_THAT(attainment_surface(runs, 2), ElementsAre(3));
  EXPECT_THAT(attainment_surface(runs, 3), ElementsAre(4));
}

TEST(Attainment, WhatTooFewRunsReachIsEmpty) {
  const std::vector<double> points = {1, 1};
  const std::vector<std::size_t> run_of = {1};
  EXPECT_THAT(attainment_surface({{points, 2}, run_of, 2}, 2), IsEmpty());
  EXPECT_THAT(attainment_surface({{{}, 2}, {}, 2}, 1), IsEmpty());
  EXPECT_THROW((void)attainment_surface({{points, 2}, run_of, 2}, 3), InternalError);
  EXPECT_THROW((void)attainment_surface({{points, 2}, run_of, 1}, 1), InternalError);
}

struct RandomRuns {
  std::vector<double> points;
  std::vector<std::size_t> run_of;
};
RandomRuns random_runs(std::size_t dimensions, std::uint64_t seed, bool ties) {
  test::StreamSource random(seed, 7, static_cast<std::uint32_t>(dimensions));
  RandomRuns runs;
  for (std::size_t run = 0; run < 5; ++run) {
    for (int point = 0; point < 7; ++point) {
      runs.run_of.push_back(run);
      for (std::size_t axis = 0; axis < dimensions; ++axis)
        runs.points.push_back(ties ? std::floor(4 * random.uniform()) : random.uniform());
    }
  }
  return runs;
}

TEST(Attainment, MeanVolumeOfRunsIsThatOfLevels) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const std::size_t dimensions : {1, 2, 3, 4}) {
      for (const bool ties : {false, true}) {
        const RandomRuns runs = random_runs(dimensions, seed, ties);
        const std::vector<double> corner(dimensions, 4.5);
        double of_runs = 0, of_levels = 0;
        for (std::size_t level = 1; level <= 5; ++level) {
          of_runs += hypervolume(
              {std::span(runs.points).subspan((level - 1) * 7 * dimensions, 7 * dimensions), dimensions}, corner);
          of_levels +=
              hypervolume({attainment_surface({{runs.points, dimensions}, runs.run_of, 5}, level), dimensions}, corner);
        }
        EXPECT_NEAR(of_levels, of_runs, 1e-10 * of_runs) << "seed " << seed << ", dimensions " << dimensions;
      }
    }
  }
}

TEST(Attainment, SurfacesAreMinimalAndAttained) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const std::size_t dimensions : {2, 3}) {
      const RandomRuns random = random_runs(dimensions, seed, true);
      const RunsView runs{{random.points, dimensions}, random.run_of, 5};
      for (std::size_t level = 1; level <= 5; ++level) {
        const std::vector<double> surface = attainment_surface(runs, level);
        const PointsView points{surface, dimensions};
        for (std::size_t row = 0; row < points.size(); ++row) {
          EXPECT_GE(runs_attaining(runs, points[row]), level);
          for (std::size_t axis = 0; axis < dimensions; ++axis) {  // values are whole: a little less is not attained
            std::vector<double> better(points[row].begin(), points[row].end());
            better[axis] -= 0.5;
            EXPECT_LT(runs_attaining(runs, better), level) << "seed " << seed << ", level " << level;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace fairsweep::pareto
