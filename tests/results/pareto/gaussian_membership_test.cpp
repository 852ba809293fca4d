#include "results/pareto/gaussian_membership.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/non_dominated.hpp"
#include "tests/results/pareto/stream_source.hpp"

namespace fairsweep::pareto {
namespace {

double normal_share(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

TEST(GaussianMembership, NothingAndOnePoint) {
  EXPECT_TRUE(gaussian_membership({{}, 2}, {}).empty());
  const std::array<double, 2> point = {3, 4}, error = {1, 2};
  EXPECT_NEAR(gaussian_membership({point, 2}, error).at(0), 1, 1e-12);
}

TEST(GaussianMembership, TwoPointsHaveAClosedForm) {
  // j dominates i where it is below on every axis, each with its own probability.
  const std::array<double, 6> means = {0.0, 1.0, -0.5, 0.7, 0.2, -0.4}, errors = {0.3, 0.5, 1.0, 0.2, 0.4, 2.0};
  for (const std::size_t m : {1, 2, 3}) {
    std::vector<double> points, deviations;
    for (const std::size_t row : {0, 1}) {
      for (std::size_t axis = 0; axis < m; ++axis) {
        points.push_back(means[row * 3 + axis]);
        deviations.push_back(errors[row * 3 + axis]);
      }
    }
    const std::vector<double> found = gaussian_membership({points, m}, deviations);
    for (const std::size_t i : {0, 1}) {
      double beaten = 1;
      for (std::size_t axis = 0; axis < m; ++axis) {
        const double gap = points[i * m + axis] - points[(1 - i) * m + axis];
        beaten *= normal_share(gap / std::hypot(deviations[axis], deviations[m + axis]));
      }
      EXPECT_NEAR(found[i], 1 - beaten, 1e-10) << m;
    }
  }
}

TEST(GaussianMembership, AlikePointsAreMaximaOfARandomSet) {
  // Of n independent points in the plane H(n) / n are non-dominated; in space the mean over k of H(k) / k, summed.
  const auto harmonic = [](int n) {
    double sum = 0;
    for (int k = 1; k <= n; ++k)
      sum += 1.0 / k;
    return sum;
  };
  constexpr int k_points = 5;
  double plane = harmonic(k_points) / k_points, space = 0;
  for (int k = 1; k <= k_points; ++k)
    space += harmonic(k) / k / k_points;
  for (const double found : gaussian_membership({std::vector<double>(10, 2.5), 2}, std::vector<double>(10, 0.01)))
    EXPECT_NEAR(found, plane, 1e-10);
  for (const double found : gaussian_membership({std::vector<double>(15, -1), 3}, std::vector<double>(15, 7.0)))
    EXPECT_NEAR(found, space, 1e-10);
}

TEST(GaussianMembership, AgreesWithDraws) {
  constexpr std::uint64_t k_seed = 5;
  test::StreamSource random(k_seed, 1);
  std::vector<double> means, errors;
  for (int i = 0; i < 7 * 2; ++i) {
    means.push_back(random.normal());
    errors.push_back(0.2 + random.uniform());
  }
  constexpr int k_draws = 40000;
  std::vector<double> counted(7, 0.0), points(14);
  for (int draw = 0; draw < k_draws; ++draw) {
    for (std::size_t i = 0; i < points.size(); ++i)
      points[i] = means[i] + errors[i] * random.normal();
    for (const std::size_t row : non_dominated({points, 2}))
      counted[row] += 1.0 / k_draws;
  }
  const std::vector<double> found = gaussian_membership({means, 2}, errors);
  for (std::size_t row = 0; row < counted.size(); ++row)
    EXPECT_NEAR(found[row], counted[row], 0.011) << "seed " << k_seed << " row " << row;  // 4.5 standard errors
}

TEST(GaussianMembership, RefusesWhatItCannotIntegrate) {
  const std::vector<double> four(8, 0.0), errors(8, 1.0);
  EXPECT_THROW((void)gaussian_membership({four, 4}, errors), InternalError);
  EXPECT_THROW((void)gaussian_membership({four, 2}, std::vector<double>(7, 1.0)), InternalError);
  EXPECT_THROW((void)gaussian_membership({four, 2}, std::vector<double>(8, 0.0)), InternalError);
}

}  // namespace
}  // namespace fairsweep::pareto
