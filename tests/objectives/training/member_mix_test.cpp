#include "objectives/training/member_mix.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/objectives/training/loss_tests.hpp"

namespace fairsweep {
namespace {

using testing::doubles;
using testing::k_double;
using testing::random_numbers;

double sigma(double value) { return 1 / (1 + std::exp(-value)); }

TEST(MemberMix, APairsDifferenceIsTheLogitOfTheMixedProbability) {
  // Margins 2 and -1, weights 0.3 and 0.7.
  const at::Tensor scores = doubles({2, 0, 0.5, 1.5}).view({1, 2, 2, 1});
  const at::Tensor weight = doubles({0.3, 0.7}).view({1, 2, 1});
  const at::Tensor mixed = mixed_scores(scores, weight, {});
  const double p = 0.3 * sigma(2) + 0.7 * sigma(-1);
  EXPECT_NEAR((mixed[0][0][0] - mixed[0][1][0]).item<double>(), std::log(p / (1 - p)), 1e-14);
  const at::Tensor loss = doubles({-std::log(sigma(2)), -std::log(sigma(-1))}).view({1, 2, 1});
  EXPECT_NEAR(mixed_loss(loss, weight).item<double>(), -std::log(p), 1e-14);
}

TEST(MemberMix, WeightsOfPeopleAreTakenByPerson) {
  const at::Tensor weight = doubles({0.1, 0.2, 0.3, 0.9, 0.8, 0.7}).view({1, 2, 3});
  const at::Tensor user = at::tensor({2, 0}, at::kLong);
  const at::Tensor expected = doubles({0.3, 0.1, 0.7, 0.9}).view({1, 2, 2});
  EXPECT_TRUE(weight_for(weight, user).equal(expected));
  EXPECT_TRUE(weight_for(weight, user.unsqueeze(0)).equal(expected));
  EXPECT_TRUE(weight_for(weight.select(2, 0), user).equal(doubles({0.1, 0.9}).view({1, 2, 1})));
  const at::Tensor scores = doubles({1, 2, 3, 4, 5, 6, 7, 8}).view({1, 2, 2, 2});
  EXPECT_TRUE(mean_of_scores(scores, weight_for(weight, user)).allclose(doubles({3.8, 5.6, 5.8, 7.6}).view({1, 2, 2})));
}

TEST(MemberMix, IsNeverWorseThanTheMeanOfTheLosses) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const at::Tensor loss = random_numbers({2, 4, 32}, seed, 0, 8);
    const at::Tensor drawn = random_numbers({2, 4, 1}, seed + 100, 0, 1);
    const at::Tensor weight = drawn / drawn.sum(1, true);
    const at::Tensor mean = (loss * weight).sum(1);
    EXPECT_TRUE(mixed_loss(loss, weight).le(mean + 1e-14).all().item<bool>()) << "seed " << seed;
    EXPECT_TRUE(mixed_loss(loss, weight).allclose(((loss.neg()).exp() * weight).sum(1).log().neg(), 0, 1e-12))
        << "seed " << seed;
  }
}

TEST(MemberMix, HoldsFarFromWhereExpEnds) {
  const at::Tensor weight = doubles({0.25, 0.75}).view({1, 2, 1});
  EXPECT_NEAR(mixed_loss(doubles({2000, 3000}).view({1, 2, 1}), weight).item<double>(), 2000 - std::log(0.25), 1e-9);
  const at::Tensor scores = doubles({0, 2000, 0, 1000}).view({1, 2, 2, 1});
  const at::Tensor mixed = mixed_scores(scores, weight, {});
  EXPECT_NEAR(mixed[0][0][0].item<double>(), -1000 + std::log(0.75), 1e-9);
  EXPECT_NEAR(mixed[0][1][0].item<double>(), 0, 1e-9);
}

TEST(MemberMix, WeightZeroSaysNothingAndNaNOfOthersIsNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const at::Tensor weight = doubles({0, 1}).view({1, 2, 1});
  EXPECT_EQ(mixed_loss(doubles({0.001, 3}).view({1, 2, 1}), weight).item<double>(), 3);
  EXPECT_EQ(mixed_loss(doubles({nan, 3}).view({1, 2, 1}), weight).item<double>(), 3);
  EXPECT_TRUE(std::isnan(mixed_loss(doubles({3, nan}).view({1, 2, 1}), weight).item<double>()));
}

TEST(MemberMix, CandidatesThatAreNotThereCountForNothing) {
  const at::Tensor three = random_numbers({1, 2, 3, 4}, 5, -2, 2);
  const at::Tensor weight = doubles({0.4, 0.6}).view({1, 2, 1});
  const at::Tensor absent = at::zeros({1, 3, 4}, at::kBool);
  absent.select(1, 2).fill_(true);
  const at::Tensor mixed = mixed_scores(three, weight, absent);
  EXPECT_TRUE(mixed.narrow(1, 0, 2).allclose(mixed_scores(three.narrow(2, 0, 2), weight, {}), 0, 1e-14));
  EXPECT_TRUE(mixed.select(1, 2).eq(0).all().item<bool>());
  // The shares of those that are there sum to 1.
  EXPECT_TRUE(mixed.narrow(1, 0, 2).exp().sum(1).allclose(at::ones({1, 4}, k_double), 0, 1e-13));
}

}  // namespace
}  // namespace fairsweep
