#include "objectives/gradient_weights/pcgrad.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

/// Algorithm 1 of the paper, on the gradients themselves.
std::vector<double> step_by_surgery(const Jacobian& jacobian, const PcgradOrders& orders) {
  std::vector<double> step(jacobian.rows.front().size(), 0.0);
  for (std::size_t i = 0; i < jacobian.losses(); ++i) {
    auto left = jacobian.rows[i];
    for (const std::uint32_t j : orders[i]) {
      const auto& other = jacobian.rows[j];
      const double along = inner(left, other);
      if (j == i || along >= 0) {
        continue;
      }
      const double part = along / inner(other, other);
      for (std::size_t k = 0; k < left.size(); ++k) {
        left[k] -= part * other[k];
      }
    }
    for (std::size_t k = 0; k < step.size(); ++k) {
      step[k] += left[k];
    }
  }
  return step;
}

TEST(Pcgrad, AgreesWithSurgeryOnTheGradients) {
  for (const auto& jacobian : random_jacobians(10, 12)) {
    SCOPED_TRACE(jacobian.name);
    RandomStream stream(jacobian.losses(), 1, 0, Purpose::order);
    const auto orders = pcgrad_orders(jacobian.losses(), stream);
    const auto step = step_of(jacobian, pcgrad_weights(gramian_of(jacobian), orders));
    EXPECT_LE(distance(step, step_by_surgery(jacobian, orders)), 1e-11 * greatest_length(jacobian));
  }
}

TEST(Pcgrad, DependsOnTheOrder) {
  // (1, 0) meets (-1, 1) and (-1, -1): whoever comes second has the last word.
  const Jacobian jacobian{.name = "three", .rows = {{1, 0}, {-1, 1}, {-1, -3}}};
  const auto gramian = gramian_of(jacobian);
  const auto one = pcgrad_weights(gramian, {{0, 1, 2}, {0, 1, 2}, {0, 1, 2}});
  const auto two = pcgrad_weights(gramian, {{2, 1, 0}, {0, 1, 2}, {0, 1, 2}});
  EXPECT_GT(distance(step_of(jacobian, one), step_of(jacobian, two)), 0.1);
}

TEST(PcgradOrders, ArePermutationsOfTheirOwn) {
  RandomStream stream(3, 1, 0, Purpose::order);
  const auto orders = pcgrad_orders(7, stream);
  ASSERT_EQ(orders.size(), 7U);
  for (auto order : orders) {
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6}));
  }
  EXPECT_NE(orders[0], orders[1]);
  RandomStream again(3, 1, 0, Purpose::order);
  EXPECT_EQ(pcgrad_orders(7, again), orders);
}

TEST(Pcgrad, RefusesOrdersThatAreNone) {
  const Gramian gramian(std::vector{1.0, 0.0, 0.0, 1.0}, 2);
  EXPECT_THROW((void)pcgrad_weights(gramian, {{0, 1}}), InternalError);
  EXPECT_THROW((void)pcgrad_weights(gramian, {{0, 1}, {0}}), InternalError);
  EXPECT_THROW((void)pcgrad_weights(gramian, {{0, 2}, {0, 1}}), InternalError);
}

}  // namespace
}  // namespace fairsweep
