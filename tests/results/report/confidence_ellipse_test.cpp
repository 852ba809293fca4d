#include "results/report/confidence_ellipse.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep::report {
namespace {

// From tables: F(2, 1) = 199.5, F(2, 2) = 19.0, F(2, 10) = 4.10282, F(2, 20) = 3.49283, all at 0.95.
TEST(MeanRegion, AgreesWithTablesOfF) {
  const auto from_f = [](double degrees, double f) { return 2 * degrees / (degrees - 1) * f; };
  EXPECT_NEAR(mean_region(2, 0.95), from_f(2, 199.5), 1e-9);
  EXPECT_NEAR(mean_region(3, 0.95), from_f(3, 19.0), 1e-9);
  EXPECT_NEAR(mean_region(11, 0.95), from_f(11, 4.10282), 1e-4);
  EXPECT_NEAR(mean_region(21, 0.95), from_f(21, 3.49283), 1e-4);
  EXPECT_NEAR(mean_region(1e7, 0.95), 5.99146, 1e-4);  // chi-squared with two degrees
  EXPECT_THROW((void)mean_region(1, 0.95), InternalError);
}

TEST(MeanRegion, HoldsTheTrueMeanAsOftenAsItSays) {
  constexpr int k_draws = 20000;
  constexpr int k_replicates = 5;
  RandomStream random(11, 0, 0, Purpose::bootstrap);
  int inside = 0;
  for (int draw = 0; draw < k_draws; ++draw) {
    std::vector<double> x, y;
    double mean_x = 0, mean_y = 0;
    for (int i = 0; i < k_replicates; ++i) {
      const double common = random.normal();
      x.push_back(common + 0.5 * random.normal());
      y.push_back(3 * random.normal() - common);
      mean_x += x.back() / k_replicates;
      mean_y += y.back() / k_replicates;
    }
    const Scatter2 s = scatter_of(x, y);
    // d' C^-1 d with C the covariance of the mean
    const double scale = s.degrees * k_replicates / (s.xx * s.yy - s.xy * s.xy);
    const double distance = scale * (s.yy * mean_x * mean_x - 2 * s.xy * mean_x * mean_y + s.xx * mean_y * mean_y);
    inside += distance <= mean_region(s.degrees, 0.9) ? 1 : 0;
  }
  EXPECT_NEAR(inside / double{k_draws}, 0.9, 0.01) << "seed 11";
}

TEST(Scatter, OfPairsWorkedOutByHand) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Scatter2 scatter = scatter_of({1, 2, 3, nan}, {2, 2, 5, 9});
  EXPECT_DOUBLE_EQ(scatter.xx, 2);
  EXPECT_DOUBLE_EQ(scatter.xy, 3);
  EXPECT_DOUBLE_EQ(scatter.yy, 6);
  EXPECT_EQ(scatter.degrees, 2);
  EXPECT_EQ(scatter_of({1, nan}, {1, 1}).degrees, 0);
}

TEST(MeanEllipse, LiesAlongThePrincipalAxes) {
  // Covariance {{4, 0}, {0, 1}} from 3 degrees: half axes in the ratio 2, along x.
  const auto flat = mean_ellipse({12, 0, 3, 3}, 4, 0.95);
  ASSERT_TRUE(flat);
  EXPECT_NEAR(flat->major, std::sqrt(mean_region(3, 0.95) * 4 / 4), 1e-12);
  EXPECT_NEAR(flat->minor, flat->major / 2, 1e-12);
  EXPECT_NEAR(flat->angle, 0, 1e-12);
  // Turned by 45 degrees: {{2.5, 1.5}, {1.5, 2.5}} has the same eigenvalues.
  const auto turned = mean_ellipse({7.5, 4.5, 7.5, 3}, 4, 0.95);
  ASSERT_TRUE(turned);
  EXPECT_NEAR(turned->major, flat->major, 1e-12);
  EXPECT_NEAR(turned->minor, flat->minor, 1e-12);
  EXPECT_NEAR(turned->angle, std::numbers::pi / 4, 1e-12);
}

TEST(MeanEllipse, NeedsMoreThanOneDegree) {
  EXPECT_FALSE(mean_ellipse({1, 0, 1, 1}, 2, 0.95));
  EXPECT_FALSE(mean_ellipse({0, 0, 0, 0}, 1, 0.95));
}

}  // namespace
}  // namespace fairsweep::report
