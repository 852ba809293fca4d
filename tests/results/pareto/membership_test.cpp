#include "results/pareto/membership.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/bootstrap_membership.hpp"
#include "results/pareto/non_dominated.hpp"
#include "tests/results/pareto/simulated_sweeps.hpp"
#include "tests/results/pareto/stream_source.hpp"

namespace fairsweep::pareto {
namespace {

using ::testing::ElementsAre;

constexpr double k_absent = std::numeric_limits<double>::quiet_NaN();

TEST(Membership, OneReplicateSaysNothingAboutNoise) {
  test::StreamSource random(1, 0);
  EXPECT_FALSE(membership({2, 1, 2, {0, 1, 1, 0}}, random).has_value());
  EXPECT_FALSE(membership({2, 2, 1, {0, k_absent, k_absent, 1}}, random).has_value());
}

TEST(Membership, ResultsThatNoSeedChangesAreCertain) {
  test::StreamSource random(1, 0);
  const ReplicateValues values{4, 2, 2, {1, 2, 1, 2, 2, 1, 2, 1, 1, 2, 1, 2, 2, 2, 2, 2}};
  const auto found = membership(values, random);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->probability, ElementsAre(1, 1, 1, 0));  // copies are both there
  EXPECT_EQ(found->draws, 0U);
}

TEST(Membership, AnAxisWithoutNoisePartsNoCopies) {
  // The first axis is exact; the two best there are equal on it, so only the noisy axis can part them.
  ReplicateValues values{3, 4, 2, {}};
  test::StreamSource random(2, 0);
  for (const double exact : {0.0, 0.0, 1.0}) {
    for (int r = 0; r < 4; ++r) {
      values.values.push_back(exact);
      values.values.push_back(5 + exact + 0.01 * random.normal());
    }
  }
  const auto found = membership(values, random);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->probability[0] + found->probability[1], 1, 1e-9);  // one of the two is below
  EXPECT_EQ(found->probability[2], 0);
}

TEST(Membership, FarApartIsCertainAndLevelIsHalf) {
  test::StreamSource random(3, 0);
  const std::vector<double> means = {0, 1, 1, 0, 3, 3, 0.5, 0.5};
  test::Noise noise;
  noise.deviation = 0.001;
  const auto found = membership(test::replicates_of(means, 2, 5, noise, random), random);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->probability, ElementsAre(1, 1, 0, 1));
  EXPECT_NEAR(found->means[0], 0, 0.01);
  EXPECT_TRUE(std::isnan(found->means[4]));
}

TEST(Membership, ShiftsAndScalesChangeNothing) {
  test::StreamSource world(4, 0);
  const std::vector<double> means = test::true_means(test::Truth::centres, 20, 2, world);
  const ReplicateValues values = test::replicates_of(means, 2, 4, {}, world);
  ReplicateValues moved = values;
  for (std::size_t i = 0; i < moved.values.size(); ++i)
    moved.values[i] = i % 2 == 0 ? std::ldexp(moved.values[i], 500) : std::ldexp(moved.values[i], -40) - 0.5;
  test::StreamSource one(4, 1), other(4, 1);
  const auto a = membership(values, one, {.draws = 300}), b = membership(moved, other, {.draws = 300});
  ASSERT_TRUE(a && b);
  double difference = 0;
  for (std::size_t row = 0; row < 20; ++row)
    difference += std::abs(a->probability[row] - b->probability[row]) / 20;
  EXPECT_LT(difference, 0.02);
}

TEST(Membership, ManyConfigurationsCostWhatContendersCost) {
  constexpr std::size_t k_rows = 3000;
  test::StreamSource world(5, 0), draws(5, 1);
  const std::vector<double> means = test::true_means(test::Truth::cube, k_rows, 2, world);
  test::Noise noise;
  noise.deviation = 0.002;
  const ReplicateValues values = test::replicates_of(means, 2, 3, noise, world);
  const auto found = membership(values, draws, {.draws = 200, .teaching = 100});
  ASSERT_TRUE(found);
  double members = 0, drawn = 0;
  for (std::size_t row = 0; row < k_rows; ++row) {
    members += found->probability[row];
    drawn += std::isnan(found->means[row * 2]) ? 0 : 1;
  }
  EXPECT_NEAR(members, static_cast<double>(non_dominated({means, 2}).size()), 3);
  EXPECT_LT(drawn, k_rows / 10);
  EXPECT_EQ(found->draws, 200U);
}

/// Few replicates of many configurations: most are left out after a few draws. That changes what is said of the rest by
/// no more than another seed does.
TEST(Membership, LeavingOutWhoIsFarFromTheFrontChangesLittle) {
  constexpr std::size_t k_rows = 4000;
  test::StreamSource world(6, 0);
  const std::vector<double> means = test::true_means(test::Truth::cube, k_rows, 2, world);
  test::Noise noise;
  noise.deviation = 0.1;
  const ReplicateValues values = test::replicates_of(means, 2, 2, noise, world);
  test::StreamSource one(6, 1), other(6, 2), third(6, 3);
  const auto screened = membership(values, one, {.draws = 400, .work = 200'000, .teaching = 200});
  const auto whole = membership(values, other, {.draws = 400, .work = 10'000'000, .teaching = 200});
  const auto again = membership(values, third, {.draws = 400, .work = 10'000'000, .teaching = 200});
  ASSERT_TRUE(screened && whole && again);
  double drawn = 0, all = 0, members = 0, members_of_all = 0, change = 0, chance = 0;
  for (std::size_t row = 0; row < k_rows; ++row) {
    drawn += std::isnan(screened->means[row * 2]) ? 0 : 1;
    all += std::isnan(whole->means[row * 2]) ? 0 : 1;
    members += screened->probability[row];
    members_of_all += whole->probability[row];
    change += std::abs(screened->probability[row] - whole->probability[row]);
    chance += std::abs(again->probability[row] - whole->probability[row]);
  }
  EXPECT_LT(drawn, all / 3);
  EXPECT_NEAR(members, members_of_all, 0.1 * members_of_all);
  EXPECT_LT(change, 1.5 * chance);
}

/// Curves over simulated sweeps: what the model says, and what a plain bootstrap says.
struct Curves {
  test::CalibrationCurve model, bootstrap;
};
Curves curves_of(std::size_t replicates, std::uint64_t seed) {
  constexpr std::size_t k_rows = 40;
  Curves curves;
  for (const test::Truth truth : {test::Truth::centres, test::Truth::sphere, test::Truth::traded}) {
    for (std::uint32_t sweep = 0; sweep < 50; ++sweep) {
      test::StreamSource world(seed, static_cast<std::uint32_t>(truth), sweep);
      test::StreamSource draws(seed, 100 + static_cast<std::uint32_t>(truth), sweep);
      const std::vector<double> means = test::true_means(truth, k_rows, 2, world);
      test::Noise noise;
      noise.deviation = 0.1 * std::sqrt(static_cast<double>(replicates) / 5);  // as hard with more replicates
      const ReplicateValues values = test::replicates_of(means, 2, replicates, noise, world);
      std::vector<bool> on_front(k_rows, false);
      for (const std::size_t row : non_dominated({means, 2}))
        on_front[row] = true;
      const auto model = membership(values, draws, {.draws = 300});
      const auto bootstrap = bootstrap_membership(values, Seeds::shared, 100, draws);
      for (std::size_t row = 0; row < k_rows; ++row) {
        curves.model.add(model->probability[row], on_front[row]);
        curves.bootstrap.add(bootstrap[row], on_front[row]);
      }
    }
  }
  return curves;
}

/// 50 sweeps of each kind put some 150 claims into each bin: 0.04 of the distance allowed is chance.
TEST(Membership, IsCalibratedAndABootstrapIsLessSo) {
  for (const std::size_t replicates : {5, 20}) {
    const Curves curves = curves_of(replicates, 17);
    for (std::size_t bin = 0; bin < 10; ++bin) {
      ASSERT_GE(curves.model.count[bin], 80) << bin;
      EXPECT_LT(std::abs(curves.model.off(bin)), 0.1) << "seed 17, replicates " << replicates << ", bin " << bin;
    }
    if (replicates == 5) {
      EXPECT_LT(curves.model.worst(80), curves.bootstrap.worst(80)) << "seed 17";
    }
  }
}

TEST(ConfidentFront, SureAndPossible) {
  const std::vector<double> probability = {1, 0.96, 0.95, 0.5, 0.06, 0.05, 0};
  const ConfidentFront front = front_at_confidence(probability, 0.95);
  EXPECT_THAT(front.sure, ElementsAre(0, 1, 2));
  EXPECT_THAT(front.possible, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THROW((void)front_at_confidence(probability, 0.5), InternalError);
  EXPECT_THROW((void)front_at_confidence(probability, 1), InternalError);
}

}  // namespace
}  // namespace fairsweep::pareto
