#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "results/pareto/hypervolume.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::Cloud;
using test::k_kinds;
using test::Kind;
using test::random_cloud;
using Point = std::vector<double>;

// Chains reach as far as they have rows; everything else lies in the unit cube.
Point reference_for(Kind kind, std::size_t rows, std::size_t d) {
  return Point(d, kind == Kind::chain ? static_cast<double>(rows) + 1.0 : 1.0625);
}

std::string name(Kind kind, std::size_t rows, std::size_t d, std::uint64_t seed) {
  return to_text(kind) + ", " + std::to_string(rows) + " rows, " + std::to_string(d) + " dimensions, seed " +
         std::to_string(seed);
}

TEST(HypervolumeProperties, AgreesWithCuttingSlabs) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {1, 2, 3, 4, 5, 6}) {
      for (const std::size_t rows : {1, 3, 10, 14}) {
        const std::uint64_t seed = 31 * rows + d;
        const Cloud points = random_cloud(kind, rows, d, seed);
        const Point reference = reference_for(kind, rows, d);
        const double expected = slab_volume(points, reference);
        EXPECT_NEAR(hypervolume(points.view(), reference), expected, 1e-12 * expected) << name(kind, rows, d, seed);
      }
    }
  }
}

TEST(HypervolumeProperties, LargerSetsAgreeWithCuttingSlabs) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {2, 3, 4}) {
      const Cloud points = random_cloud(kind, 60, d, 404);
      const Point reference = reference_for(kind, 60, d);
      const double expected = slab_volume(points, reference);
      EXPECT_NEAR(hypervolume(points.view(), reference), expected, 1e-12 * expected) << name(kind, 60, d, 404);
    }
  }
}

/// Sums over all sets of boxes what they have in common, with alternating signs.
double volume_by_inclusion(const Cloud& points, const Point& reference) {
  const std::size_t n = points.size();
  long double total = 0;
  for (std::size_t set = 1; set < std::size_t{1} << n; ++set) {
    long double common = 1;
    for (std::size_t column = 0; column < reference.size(); ++column) {
      double worst = -std::numeric_limits<double>::infinity();
      for (std::size_t row = 0; row < n; ++row) {
        if ((set >> row & 1U) != 0)
          worst = std::max(worst, points.view()[row][column]);
      }
      common *= std::max(reference[column] - worst, 0.0);
    }
    total += std::popcount(set) % 2 == 1 ? common : -common;
  }
  return static_cast<double>(total);
}

TEST(HypervolumeProperties, ManyColumnsAgreeWithInclusionAndExclusion) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {4, 5, 7, 8, 9, 10, 11, 13}) {
      for (const std::size_t rows : {3, 9}) {
        const std::uint64_t seed = 71 * rows + d;
        const Cloud points = random_cloud(kind, rows, d, seed);
        const Point reference = reference_for(kind, rows, d);
        const double expected = volume_by_inclusion(points, reference);
        EXPECT_NEAR(hypervolume(points.view(), reference), expected, 1e-12 * expected) << name(kind, rows, d, seed);
      }
    }
  }
}

TEST(HypervolumeProperties, SlicesAlongAColumnAddUp) {
  struct Case {
    std::size_t d, rows;
  };
  for (const auto& [d, rows] : {Case{3, 6000}, Case{4, 1000}, Case{5, 200}, Case{6, 80}, Case{7, 50}, Case{9, 25}}) {
    for (const Kind kind : {Kind::front, Kind::cube, Kind::grid}) {
      const Cloud points = random_cloud(kind, rows, d, 12);
      const double whole = hypervolume(points.view(), Point(d, 1.0));
      double sum = 0;
      constexpr int k_slices = 4;
      for (int slice = 0; slice < k_slices; ++slice) {
        const double from = static_cast<double>(slice) / k_slices, to = static_cast<double>(slice + 1) / k_slices;
        Cloud inside{{}, d};
        for (std::size_t row = 0; row < points.size(); ++row) {
          Point point(points.view()[row].begin(), points.view()[row].end());
          if (point[0] >= to)
            continue;
          point[0] = std::max(point[0], from);
          inside.add(point);
        }
        Point reference(d, 1.0);
        reference[0] = to;
        sum += hypervolume(inside.view(), reference);
      }
      EXPECT_NEAR(whole, sum, 1e-12 * whole) << name(kind, rows, d, 12);
    }
  }
}

TEST(HypervolumeProperties, OrderCopiesAndDominatedPointsChangeNothing) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {2, 3, 4, 5, 7}) {
      const std::size_t rows = d > 5 ? 20 : 50;
      const Cloud points = random_cloud(kind, rows, d, 21);
      const Point reference = reference_for(kind, rows, d);
      const double volume = hypervolume(points.view(), reference);
      const double tolerance = 1e-12 * volume;
      EXPECT_NEAR(hypervolume(shuffled(points, 3).view(), reference), volume, tolerance) << name(kind, rows, d, 21);
      Cloud more = points;
      for (std::size_t row = 0; row < rows; row += 2) {
        Point worse(points.view()[row].begin(), points.view()[row].end());
        more.add(worse);
        worse[row % d] += 0.01;
        more.add(worse);
      }
      EXPECT_NEAR(hypervolume(more.view(), reference), volume, tolerance) << name(kind, rows, d, 21);
    }
  }
}

TEST(HypervolumeProperties, AUnionCoversItsPartsAndNoMoreThanBoth) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {2, 3, 4, 6}) {
      const Cloud a = random_cloud(kind, 20, d, 51), b = random_cloud(kind, 20, d, 52);
      Cloud both = a;
      both.add(b.values);
      const Point reference = reference_for(kind, 20, d);
      const double of_a = hypervolume(a.view(), reference), of_b = hypervolume(b.view(), reference);
      const double of_both = hypervolume(both.view(), reference);
      const double hair = 1e-12 * of_both;
      EXPECT_GE(of_both + hair, std::max(of_a, of_b)) << name(kind, 20, d, 51);
      EXPECT_LE(of_both, of_a + of_b + hair) << name(kind, 20, d, 51);
    }
  }
}

TEST(HypervolumeProperties, ScalingAndShiftingDoWhatTheyMust) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {2, 3, 4, 5}) {
      const Cloud points = random_cloud(kind, 25, d, 61);
      const Point reference = reference_for(kind, 25, d);
      const double volume = hypervolume(points.view(), reference);
      for (const int exponent : {-200, -40, 40, 200}) {
        // Powers of two are exact, so the volume is exact too.
        Cloud scaled = points;
        Point scaled_reference = reference;
        for (double& x : scaled.values)
          x = std::ldexp(x, exponent);
        for (double& x : scaled_reference)
          x = std::ldexp(x, exponent);
        const double expected = std::ldexp(volume, exponent * static_cast<int>(d));
        if (!std::isnormal(expected))
          continue;
        EXPECT_NEAR(hypervolume(scaled.view(), scaled_reference) / expected, 1.0, 1e-12) << name(kind, 25, d, 61);
      }
      Cloud moved = points;
      Point moved_reference = reference;
      for (double& x : moved.values)
        x += 4;
      for (double& x : moved_reference)
        x += 4;
      EXPECT_NEAR(hypervolume(moved.view(), moved_reference), volume, 1e-12 * volume) << name(kind, 25, d, 61);
    }
  }
}

TEST(HypervolumeProperties, MirroringTwoColumnsOfEveryPointChangesNothing) {
  for (const std::size_t d : {2, 3, 4, 6}) {
    const Cloud points = random_cloud(Kind::front, 30, d, 71);
    Cloud swapped = points;
    for (std::size_t row = 0; row < points.size(); ++row)
      std::swap(swapped.values[row * d], swapped.values[row * d + d - 1]);
    const Point reference(d, 1.5);
    const double volume = hypervolume(points.view(), reference);
    EXPECT_NEAR(hypervolume(swapped.view(), reference), volume, 1e-12 * volume) << d << " dimensions, seed 71";
  }
}

}  // namespace
}  // namespace fairsweep::pareto
