#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/hypervolume.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::cloud;
using test::Cloud;
using Point = std::vector<double>;

Cloud negated(Cloud points) {
  for (double& x : points.values)
    x = -x;
  return points;
}

double binomial(int n, int k) {
  double result = 1;
  for (int i = 1; i <= k; ++i)
    result = result * (n - k + i) / i;
  return std::round(result);
}

/// All points of h parts dealt to d coordinates, divided by h.
Cloud lattice(int d, int h) {
  Cloud points{{}, static_cast<std::size_t>(d)};
  Point parts(static_cast<std::size_t>(d), 0);
  const auto deal = [&](const auto& self, std::size_t column, int left) -> void {
    if (column + 1 == parts.size()) {
      parts[column] = static_cast<double>(left) / h;
      points.add(parts);
      return;
    }
    for (int part = 0; part <= left; ++part) {
      parts[column] = static_cast<double>(part) / h;
      self(self, column + 1, left - part);
    }
  };
  deal(deal, 0, h);
  return points;
}

TEST(HypervolumeValues, PublishedValuesOfFivePoints) {
  // BoTorch, test_hypervolume.py; maximisation there.
  const Cloud points = negated(cloud({{8.5, 3}, {8.5, 3.5}, {5, 5}, {9, 1}, {4, 5}}));
  EXPECT_DOUBLE_EQ(hypervolume(points.view(), Point{0, 0}), 37.75);
  EXPECT_DOUBLE_EQ(hypervolume(points.view(), Point{-1, -0.5}), 28.75);
}

TEST(HypervolumeValues, PublishedValuesOfUnitVectors) {
  // The same source: points -e_i, maximisation, so e_i here with the reference negated.
  EXPECT_NEAR(hypervolume(cloud({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}).view(), Point{2.1, 2.5, 2.3}), 11.075, 1e-13);
  EXPECT_NEAR(
      hypervolume(cloud({{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}).view(), Point{2.1, 2.5, 2.3, 2.0}),
      23.15, 1e-13);
}

// The cells of the grid below the simplex are free: 1 - C(h - 1 + d, d) / h^d. Ties everywhere; a dimension sweep
// elsewhere needs seconds for the last two.
TEST(HypervolumeValues, SimplexLattices) {
  struct Case {
    int d, h;
    double published;
  };
  for (const auto& [d, h, published] : {Case{2, 9, 0}, Case{3, 6, 0}, Case{4, 5, 0}, Case{5, 4, 0},
                                        Case{6, 6, 0.990097736626}, Case{7, 5, 0.995776}, Case{8, 4, 0.997482299805}}) {
    const Cloud points = lattice(d, h);
    EXPECT_EQ(static_cast<double>(points.size()), binomial(h + d - 1, d - 1));
    const double expected = 1 - binomial(h - 1 + d, d) / std::pow(h, d);
    const double found = hypervolume(points.view(), Point(static_cast<std::size_t>(d), 1.0));
    EXPECT_NEAR(found, expected, 1e-13) << "d = " << d << ", h = " << h;
    if (published > 0) {
      EXPECT_NEAR(found, published, 5e-13);
    }
  }
}

TEST(HypervolumeValues, Staircases) {
  for (const int n : {1, 2, 10, 1000}) {
    // (i, n - 1 - i) below (n, n): n (n + 1) / 2 unit cells.
    Cloud points{{}, 2};
    for (int i = 0; i < n; ++i)
      points.add(Point{static_cast<double>(i), static_cast<double>(n - 1 - i)});
    EXPECT_DOUBLE_EQ(hypervolume(points.view(), Point(2, n)), 0.5 * n * (n + 1));
    // The same stairs under a constant third and fourth column: prisms of height 2, then 6.
    Cloud prism{{}, 3}, taller{{}, 4};
    for (std::size_t row = 0; row < points.size(); ++row) {
      const auto point = points.view()[row];
      prism.add(Point{point[0], -1, point[1]});
      taller.add(Point{7, point[0], -1, point[1]});
    }
    const double side = n;
    EXPECT_DOUBLE_EQ(hypervolume(prism.view(), Point{side, 1, side}), 1.0 * n * (n + 1));
    EXPECT_DOUBLE_EQ(hypervolume(taller.view(), Point{10, side, 1, side}), 3.0 * n * (n + 1));
  }
}

TEST(HypervolumeValues, NothingOneAndTwoPoints) {
  EXPECT_EQ(hypervolume({{}, 0}, Point{1, 1}), 0);
  EXPECT_EQ(hypervolume({{}, 2}, Point{1, 1}), 0);
  EXPECT_EQ(hypervolume(cloud({{1, 1}}).view(), Point{3, 3}), 4);
  EXPECT_EQ(hypervolume(cloud({{2}, {1}, {5}}).view(), Point{4}), 3);
  for (const std::size_t d : {1, 2, 3, 4, 5, 9}) {
    EXPECT_DOUBLE_EQ(hypervolume(Cloud{Point(d, 1.0), d}.view(), Point(d, 3.0)), std::pow(2.0, d)) << d;
  }
}

TEST(HypervolumeValues, PointsNotStrictlyBelowTheReferenceAddNothing) {
  for (const std::size_t d : {1, 2, 3, 4, 6}) {
    Cloud points{Point(d, 0.5), d};
    const double alone = hypervolume(points.view(), Point(d, 1.0));
    Point touching(d, 0.0);
    touching[d - 1] = 1.0;
    points.add(touching);
    Point beyond(d, 0.0);
    beyond.at(0) = 7.0;
    points.add(beyond);
    EXPECT_EQ(hypervolume(points.view(), Point(d, 1.0)), alone) << d;
    EXPECT_EQ(hypervolume(Cloud{touching, d}.view(), Point(d, 1.0)), 0) << d;
  }
}

TEST(HypervolumeValues, AConstantObjectiveIsAFactor) {
  const Cloud flat = cloud({{1, 5, 3}, {2, 5, 2}, {3, 5, 1}});
  const Cloud stairs = cloud({{1, 3}, {2, 2}, {3, 1}});
  EXPECT_DOUBLE_EQ(hypervolume(flat.view(), Point{4, 7, 4}), 2 * hypervolume(stairs.view(), Point{4, 4}));
}

TEST(HypervolumeValues, TakesTheWholeNumberRange) {
  // Thin boxes crossing: 1 + 1 minus next to nothing.
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1e300, -1e-300}, {-1e-300, -1e300}}).view(), Point{0, 0}), 2.0);
  // Partial products of 1e600 and 1e-600 on the way to a volume that is an ordinary number.
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1e300, -1e300, -1e-300, -1e-300}}).view(), Point(4, 0.0)), 1.0);
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1e-300, -1e-300, -1e300, -1e300}}).view(), Point(4, 0.0)), 1.0);
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1e200, -1e200, -1e-300}}).view(), Point(3, 0.0)), 1e100);
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1e-200, -1e-200, -1e300}}).view(), Point(3, 0.0)), 1e-100);
  // Two such boxes: no power of two a column brings both into range.
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1e200, -1e200, -1e-200, -1e-200}, {-1e-200, -1e-200, -1e200, -1e200}}).view(),
                               Point(4, 0.0)),
                   2.0);
  // A difference beyond the largest double.
  EXPECT_DOUBLE_EQ(hypervolume(cloud({{-1.5e308, 0}}).view(), Point{1.5e308, 1e-300}), 3e8);
}

TEST(HypervolumeValues, RefusesWhatHasNoVolume) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW((void)hypervolume(cloud({{1, nan}}).view(), Point{2, 2}), InternalError);
  EXPECT_THROW((void)hypervolume(cloud({{1, -infinity}}).view(), Point{2, 2}), InternalError);
  EXPECT_THROW((void)hypervolume(cloud({{1, 1}}).view(), Point{2, infinity}), InternalError);
  EXPECT_THROW((void)hypervolume(cloud({{1, 1}}).view(), Point{2, 2, 2}), InternalError);
  EXPECT_THROW((void)hypervolume(Cloud{{1, 2, 3}, 2}.view(), Point{2, 2}), InternalError);
}

}  // namespace
}  // namespace fairsweep::pareto
