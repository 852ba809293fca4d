#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "objectives/gradient_weights/cagrad.hpp"
#include "objectives/gradient_weights/dual_proj.hpp"
#include "objectives/gradient_weights/epo.hpp"
#include "objectives/gradient_weights/mgda.hpp"
#include "objectives/gradient_weights/nash_mtl.hpp"
#include "objectives/gradient_weights/pcgrad.hpp"
#include "objectives/gradient_weights/upgrad.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

const Jacobian k_two{.name = "two", .rows = {{-4, 1, 1}, {6, 1, 1}}};
const PcgradOrders k_orders{{0, 1}, {1, 0}};

void expect_step(const std::vector<double>& weights, const std::vector<double>& expected, double tolerance) {
  const auto step = step_of(k_two, weights);
  for (std::size_t k = 0; k < step.size(); ++k) {
    EXPECT_NEAR(step[k], expected[k], tolerance) << "coordinate " << k;
  }
}

// TorchJD's test_values.py pins these steps to 1e-4; printed with 4 digits, so half a digit of the last.
constexpr double k_printed = 0.6e-4;

TEST(PinnedSteps, Mgda) {
  const auto weights = mgda_weights(gramian_of(k_two));
  EXPECT_NEAR(weights[0], 0.6, 1e-15);
  EXPECT_NEAR(weights[1], 0.4, 1e-15);
  expect_step(weights, {0, 1, 1}, 1e-15);
}

TEST(PinnedSteps, UpgradAsTheLibraryRegularisesIt) {
  expect_step(upgrad_weights(gramian_of(k_two), 1e-4), {0.2929, 1.9004, 1.9004}, k_printed);
}

TEST(PinnedSteps, UpgradExactly) {
  expect_step(upgrad_weights(gramian_of(k_two)), {50.0 / 171, 325.0 / 171, 325.0 / 171}, 1e-14);
}

TEST(PinnedSteps, DualProjAsTheLibraryRegularisesIt) {
  expect_step(dual_proj_weights(gramian_of(k_two), 1e-4), {0.5563, 1.1109, 1.1109}, k_printed);
}

// (1, 1, 1) has -2 along (-4, 1, 1) of squared length 18: 1/9 of it is added.
TEST(PinnedSteps, DualProjExactly) {
  expect_step(dual_proj_weights(gramian_of(k_two)), {5.0 / 9, 10.0 / 9, 10.0 / 9}, 1e-14);
}

TEST(PinnedSteps, Pcgrad) {
  expect_step(pcgrad_weights(gramian_of(k_two), k_orders), {0.5848, 3.8012, 3.8012}, k_printed);
  // Two losses: twice UPGrad's.
  expect_step(pcgrad_weights(gramian_of(k_two), k_orders), {100.0 / 171, 650.0 / 171, 650.0 / 171}, 1e-14);
}

TEST(PinnedSteps, Cagrad) {
  expect_step(cagrad_weights(gramian_of(k_two), 0.5), {0.1835, 1.2041, 1.2041}, k_printed);
  expect_step(cagrad_weights(gramian_of(k_two), 0), {1, 1, 1}, 1e-15);
}

TEST(PinnedSteps, NashMtl) { expect_step(nash_mtl_weights(gramian_of(k_two), 1), {0.0542, 0.7061, 0.7061}, k_printed); }

}  // namespace
}  // namespace fairsweep
