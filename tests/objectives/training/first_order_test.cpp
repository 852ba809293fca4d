#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "objectives/training/first_order.hpp"
#include "tests/objectives/training/loss_tests.hpp"
#include "tests/objectives/training/population.hpp"

namespace fairsweep {
namespace {

using testing::at_offset;
using testing::differences;
using testing::doubles;
using testing::expect_gradient;
using testing::k_double;
using testing::k_offsets;
using testing::minimised;
using testing::pairs_of;
using testing::random_numbers;
using testing::ring_rewards;
using testing::share_ordered;

class Population : public ::testing::Test {
 protected:
  const at::Tensor rewards_ = ring_rewards();
  const at::Tensor mean_ = rewards_.mean(0);
  const at::Tensor answers_ = differences(rewards_).sigmoid().mean(0);  // [40, 40] that row is preferred to column
  const at::Tensor variance_ = differences(rewards_).sigmoid().var(0, false);  // Var_sigma, exactly

  /// The population's loss at a table, whose every ordered pair is as likely as any other.
  [[nodiscard]] at::Tensor loss(const at::Tensor& table, double alpha) const {
    const at::Tensor own = at::softplus(differences(table).neg()).reshape({1, -1});
    if (alpha == 0)
      return (answers_.reshape({1, -1}) * own).mean();
    const at::Tensor q = corrected_probability(own, variance_.reshape({1, -1}), doubles({alpha}), doubles({0.1}));
    return (answers_.reshape({1, -1}) * q.log().neg()).mean();
  }

  [[nodiscard]] at::Tensor trained(double alpha) const {
    const at::Tensor plain = minimised(at::zeros({k_offsets}, at::kDouble), [&](const auto& r) { return loss(r, 0); });
    return alpha == 0 ? plain : minimised(plain, [&](const auto& r) { return loss(r, alpha); });
  }

  /// KL divergence from the policy of the average reward to that of `table`, both softmax.
  [[nodiscard]] double divergence(const at::Tensor& table) const {
    const at::Tensor wanted = at::log_softmax(mean_, 0);
    return (wanted.exp() * (wanted - at::log_softmax(table, 0))).sum().item<double>();
  }
};

TEST_F(Population, PlainTrainingOrdersByBordaCountAndNotByTheAverageReward) {
  EXPECT_NEAR(at_offset(mean_, 10), 4.0 / 3, 1e-12);
  EXPECT_NEAR(at_offset(mean_, -10), 4.0 / 3, 1e-12);
  EXPECT_NEAR(at_offset(mean_, 0), 3.5 / 3, 1e-12);
  const at::Tensor borda = answers_.mean(1);  // the normalised Borda count of the paper
  EXPECT_NEAR(at_offset(borda, 0), 0.55116, 5e-6);
  EXPECT_NEAR(at_offset(borda, 10), 0.52473, 5e-6);
  EXPECT_NEAR(at_offset(borda, -10), 0.52473, 5e-6);
  const at::Tensor plain = trained(0);
  EXPECT_NEAR(at_offset(plain, 0), 0.2066, 5e-5);
  EXPECT_NEAR(at_offset(plain, 10), 0.0997, 5e-5);
  EXPECT_EQ(plain.argmax().item<std::int64_t>(), 20);
  EXPECT_EQ(share_ordered(plain, borda), 1.0);
  EXPECT_NEAR(share_ordered(plain, mean_), 0.8167, 5e-5);
  EXPECT_NEAR(divergence(plain), 0.00513, 5e-6);
  const at::Tensor wanted = at::softmax(mean_, 0);
  const at::Tensor got = at::softmax(plain, 0);
  EXPECT_NEAR(at_offset(wanted, 0), 0.02847, 5e-6);
  EXPECT_NEAR(at_offset(wanted, 10), 0.03364, 5e-6);
  EXPECT_NEAR(at_offset(got, 0), 0.03043, 5e-6);
  EXPECT_NEAR(at_offset(got, 10), 0.02734, 5e-6);
}

TEST_F(Population, TheExactCorrectionStillPeaksAtTheWrongPlace) {
  const at::Tensor corrected = trained(1);
  EXPECT_NEAR(at_offset(corrected, 0), 0.2711, 5e-5);
  EXPECT_NEAR(at_offset(corrected, 10), 0.1943, 5e-5);
  EXPECT_EQ(corrected.argmax().item<std::int64_t>(), 20);
  EXPECT_NEAR(share_ordered(corrected, mean_), 0.8878, 5e-5);
  EXPECT_NEAR(divergence(corrected), 0.00244, 5e-6);
}

TEST_F(Population, TwiceTheCorrectionPeaksAtTheRightOnes) {
  const at::Tensor corrected = trained(2);
  EXPECT_NEAR(at_offset(corrected, 0), 0.2956, 5e-5);
  EXPECT_NEAR(at_offset(corrected, 10), 0.3163, 5e-5);
  EXPECT_NEAR(at_offset(corrected, -10), 0.3163, 5e-5);
  EXPECT_EQ(std::abs(corrected.argmax().item<std::int64_t>() - 20), 10);
  EXPECT_NEAR(share_ordered(corrected, mean_), 0.9508, 5e-5);
  EXPECT_NEAR(divergence(corrected), 0.00097, 5e-6);
}

TEST(FirstOrder, IsTheSecondOrderTaylorPolynomialOfTheMeanAnswer) {
  const at::Tensor types = doubles({-1.1, 0.3, 0.8});  // mean 0
  for (const double h : {-1.5, -0.2, 0.0, 0.7, 2.0}) {
    double previous = 0;
    for (const double size : {0.2, 0.1, 0.05}) {
      const at::Tensor margins = h + size * types;
      const double exact = margins.sigmoid().mean().item<double>();
      const at::Tensor loss = at::softplus(doubles({-h})).view({1, 1});
      const double s = 1 / (1 + std::exp(-h));
      const at::Tensor variance = (margins.var(0, false) * std::pow(s * (1 - s), 2)).view({1, 1});
      const double q = corrected_probability(loss, variance, doubles({1}), doubles({1})).item<double>();
      const double error = std::fabs(q - exact);
      EXPECT_LT(error, 0.03 * std::pow(size, 3)) << h;
      EXPECT_TRUE(previous < 1e-9 || error < previous / 6) << h << ": the error falls with the third power";
      previous = error;
    }
  }
}

TEST(FirstOrder, IsWhatTheAuthorsComputeFromTheVarianceOfProbabilities) {
  const at::Tensor loss = random_numbers({2, 32}, 9, 0.05, 3);
  const at::Tensor of_probability = random_numbers({2, 32}, 10, 0, 0.02);
  const at::Tensor s = loss.neg().exp();
  const at::Tensor correction = 0.5 * (1 - 2 * s) * of_probability / (s * (1 - s));
  const at::Tensor alpha = doubles({0.5, 2});
  const at::Tensor expected = (s + alpha.unsqueeze(-1) * correction.clamp(-0.1, 0.1)).clamp_min(1e-4);
  const at::Tensor got = corrected_probability(loss, of_probability, alpha, doubles({0.1, 0.1}));
  EXPECT_TRUE(at::allclose(got, expected, 1e-12, 1e-12));
}

TEST(FirstOrder, TheCutComesBeforeAlphaAndTheFloorAfterIt) {
  const at::Tensor loss = at::softplus(doubles({-2, 2})).view({1, 2});  // sigma(2), sigma(-2)
  const at::Tensor huge = at::full({1, 2}, 1e6, k_double);
  const at::Tensor q = corrected_probability(loss, huge, doubles({2}), doubles({0.1}));
  EXPECT_NEAR(q[0][0].item<double>(), 1 / (1 + std::exp(-2.0)) - 0.2, 1e-12);
  EXPECT_NEAR(q[0][1].item<double>(), 1 / (1 + std::exp(2.0)) + 0.2, 1e-12);
  const at::Tensor low = corrected_probability(loss, huge, doubles({20}), doubles({0.1}));
  EXPECT_EQ(low[0][0].item<double>(), k_least_probability);
}

TEST(FirstOrder, OnlyTheVarianceIsConstant) {
  const at::Tensor margin = random_numbers({1, 32}, 11, -2, 2);
  const at::Tensor variance = random_numbers({1, 32}, 12, 0, 0.03);
  const auto corrected = [&](const at::Tensor& m) {
    return corrected_probability(at::softplus(m.neg()), variance, doubles({1.5}), doubles({0.1})).log().neg();
  };
  expect_gradient(corrected, margin, 1e-6);
  const at::Tensor correction = corrected(margin).neg().exp() - margin.sigmoid();
  EXPECT_GT(correction.abs().max().item<double>(), 0.02) << "there is a correction to have a gradient";
}

/// Facts and an earlier stage of two types for a batch of 32 pairs that is all the training data.
struct SmallFirstOrder {
  TrainingFacts facts;
  StageScores earlier;
  PackBatch batch;
  Settings settings;
  SmallFirstOrder() {
    facts.comparisons = 32;
    facts.training = pairs_of(std::vector<std::array<std::int64_t, 3>>(32, {0, 1, 0}));
    facts.validation = facts.training;
    StageOutput& types = earlier["types"];
    types.training = random_numbers({1, 2, 32, 2}, 13, -2, 2);
    types.validation = types.training;
    types.learned["share"] = doubles({0.25, 0.75}).view({1, 2});
    batch.index = at::arange(32, at::kLong).unsqueeze(0);
    batch.weight = at::ones({1, 32}, k_double);
    batch.loss = at::softplus(random_numbers({1, 32}, 14, -2, 2));
    settings = {{"method.first_order.alpha", 2.0},
                {"method.first_order.clip", 0.1},
                {"method.first_order.warmup", 0.75},
                {"training.batch", std::int64_t{16}},
                {"training.epochs", std::int64_t{2}}};
  }
};

TEST(FirstOrder, StartsAfterTheWarmUp) {
  const SmallFirstOrder made;
  const TrainingObjective& method = *find_objective("first_order");
  const ObjectiveConstants constants = method.constants({made.settings}, made.facts, made.earlier, k_double);
  ObjectiveState state = method.initial_state({made.settings}, made.facts, constants, k_double);
  const double plain = made.batch.loss.mean().item<double>();
  std::vector<double> losses;
  for (int step = 0; step < 5; ++step)
    losses.push_back(method.loss(made.batch, constants, state).item<double>());
  for (int step = 0; step < 3; ++step)  // three quarters of two epochs of two steps
    EXPECT_NEAR(losses[static_cast<std::size_t>(step)], plain, 1e-14);
  double expected = 0;
  for (std::int64_t i = 0; i < 32; ++i) {
    const auto probability = [&](std::int64_t type) {
      const at::Tensor scores = made.earlier.at("types").training[0][type][i];
      return 1 / (1 + std::exp((scores[1] - scores[0]).item<double>()));
    };
    const double mean = 0.25 * probability(0) + 0.75 * probability(1);
    const double variance = 0.25 * std::pow(probability(0), 2) + 0.75 * std::pow(probability(1), 2) - mean * mean;
    const double s = std::exp(-made.batch.loss[0][i].item<double>());
    const double correction = std::clamp(0.5 * (1 - 2 * s) * variance / (s * (1 - s)), -0.1, 0.1);
    expected -= std::log(std::max(s + 2 * correction, 1e-4)) / 32;
  }
  EXPECT_NEAR(losses[3], expected, 1e-12);
  EXPECT_EQ(losses[3], losses[4]);
  EXPECT_GT(std::fabs(expected - plain), 0.01) << "the correction does something here";
  const auto notes = method.notes(made.settings, made.facts, made.earlier, {});
  EXPECT_NEAR(notes.at("share of type 1"), 0.75, 1e-15);
  EXPECT_GT(notes.at("variance of probabilities over types"), 0.01);
}

}  // namespace
}  // namespace fairsweep
