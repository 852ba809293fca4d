#include "results/pareto/bootstrap_membership.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/diagnostics/errors.hpp"
#include "tests/results/pareto/stream_source.hpp"

namespace fairsweep::pareto {
namespace {

using ::testing::ElementsAre;

constexpr double k_absent = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t k_seed = 3;
constexpr std::size_t k_draws = 20000;

/// Two configurations, two seeds, one axis: the second is worse by 1 on either seed, and seeds differ by 10.
const ReplicateValues k_shared_luck{2, 2, 1, {0, 10, 1, 11}};

TEST(BootstrapMembership, SharedSeedsCancel) {
  test::StreamSource random(k_seed, 0);
  EXPECT_THAT(bootstrap_membership(k_shared_luck, Seeds::shared, 200, random),
              ElementsAre(::testing::DoubleNear(1, 1e-9), 0));
}

TEST(BootstrapMembership, OwnSeedsDoNot) {
  // Means 0, 5, 10 against 1, 6, 11 with weights 1/4, 1/2, 1/4: the first is below in 11 of 16 cases, never equal.
  test::StreamSource random(k_seed, 1);
  const std::vector<double> found = bootstrap_membership(k_shared_luck, Seeds::own, k_draws, random);
  EXPECT_NEAR(found[0], 11.0 / 16, 0.015) << "seed " << k_seed;
  EXPECT_NEAR(found[1], 5.0 / 16, 0.015) << "seed " << k_seed;
}

TEST(BootstrapMembership, AbsentReplicatesAreLeftOut) {
  // The second is 1 wherever it is; the first is 0 or 2 and below in 1 of 4 draws of two, level in 2 of 4.
  const ReplicateValues values{2, 2, 1, {0, 2, k_absent, 1}};
  test::StreamSource random(k_seed, 2);
  const std::vector<double> own = bootstrap_membership(values, Seeds::own, k_draws, random);
  EXPECT_NEAR(own[0], 0.75, 0.015);
  EXPECT_NEAR(own[1], 0.75, 0.015);
  EXPECT_THROW((void)bootstrap_membership({1, 2, 1, {k_absent, k_absent}}, Seeds::own, 1, random), InternalError);
  EXPECT_THROW((void)bootstrap_membership({1, 1, 2, {0, k_absent}}, Seeds::own, 1, random), InternalError);
}

}  // namespace
}  // namespace fairsweep::pareto
