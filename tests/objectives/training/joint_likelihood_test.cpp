#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/joint_likelihood.hpp"
#include "tests/objectives/training/loss_tests.hpp"

namespace fairsweep {
namespace {

using testing::doubles;
using testing::expect_gradient;
using testing::k_double;
using testing::random_numbers;

TEST(JointLikelihood, PairsEachComparisonWithTheNextOfThePerson) {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    constexpr std::int64_t k_batch = 32;
    at::Tensor user = at::zeros({3, k_batch}, at::kLong);
    const at::Tensor weight = random_numbers({3, k_batch}, seed, 0.5, 2);
    weight.narrow(1, 27, 5).zero_();
    for (std::int64_t i = 0; i < user.numel(); ++i)
      user.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(random() % 9);
    const PersonPairs pairs = next_of_same_person(user, weight);
    for (std::int64_t k = 0; k < 3; ++k) {
      std::vector<std::int64_t> partner(k_batch, -1);
      for (std::int64_t i = 0; i < 27; ++i) {
        for (std::int64_t j = i + 1; j < 27 && partner[static_cast<std::size_t>(i)] < 0; ++j) {
          if (user[k][i].item<std::int64_t>() == user[k][j].item<std::int64_t>())
            partner[static_cast<std::size_t>(i)] = j;
        }
      }
      std::int64_t expected = 27 - std::count(partner.begin(), partner.begin() + 27, -1);
      for (std::int64_t place = 0; place < k_batch; ++place) {
        const double product = pairs.weight[k][place].item<double>();
        if (product == 0)
          continue;
        --expected;
        const auto first = pairs.first[k][place].item<std::int64_t>();
        const auto second = pairs.second[k][place].item<std::int64_t>();
        EXPECT_EQ(second, partner[static_cast<std::size_t>(first)]) << "seed " << seed;
        EXPECT_EQ(product, (weight[k][first] * weight[k][second]).item<double>());
      }
      EXPECT_EQ(expected, 0) << "seed " << seed << ": pairs are missing or too many";
    }
  }
}

TEST(JointLikelihood, IsTheMeanCrossEntropyOverTheFourOrders) {
  const at::Tensor loss = random_numbers({2, 3, 32}, 5, 0.05, 3);
  const at::Tensor share = doubles({0.2, 0.5, 0.3, 0.6, 0.3, 0.1}).view({2, 3});
  const at::Tensor user = at::arange(32, at::kLong).remainder(5).unsqueeze(0).repeat({2, 1});
  const at::Tensor weight = random_numbers({2, 32}, 6, 0.5, 2);
  const PersonPairs pairs = next_of_same_person(user, weight);
  const at::Tensor got = joint_loss(loss, pairs, share);
  for (std::int64_t k = 0; k < 2; ++k) {
    double sum = 0;
    double all = 0;
    for (std::int64_t i = 0; i + 5 < 32; ++i) {  // the next of the same person is five places on
      const double w = (weight[k][i] * weight[k][i + 5]).item<double>();
      double cross_entropy = 0;
      for (const bool first : {true, false}) {
        for (const bool second : {true, false}) {
          double joint = 0;
          for (std::int64_t type = 0; type < 3; ++type) {
            const double yes = std::exp(-loss[k][type][i].item<double>());
            const double also = std::exp(-loss[k][type][i + 5].item<double>());
            joint += share[k][type].item<double>() * (first ? yes : 1 - yes) * (second ? also : 1 - also);
          }
          cross_entropy -= (first && second ? std::log(joint) : std::log(1 - joint)) / 4;
        }
      }
      sum += w * cross_entropy;
      all += w;
    }
    EXPECT_NEAR(got[k].item<double>(), sum / all, 1e-12);
  }
  PersonPairs nobody = pairs;
  nobody.weight = at::zeros_like(pairs.weight);
  EXPECT_EQ(joint_loss(loss, nobody, share).abs().sum().item<double>(), 0.0);
}

TEST(JointLikelihood, GradientsAreThoseOfFiniteDifferences) {
  const at::Tensor user = at::arange(32, at::kLong).remainder(5).unsqueeze(0);
  const PersonPairs pairs = next_of_same_person(user, random_numbers({1, 32}, 6, 0.5, 2));
  const at::Tensor share = doubles({0.2, 0.5, 0.3}).view({1, 3});
  const at::Tensor loss = random_numbers({1, 3, 32}, 7, 0.05, 3);
  expect_gradient([&](const at::Tensor& point) { return joint_loss(point, pairs, share); }, loss, 1e-6);
  // With respect to omega it is written by hand.
  const at::Tensor omega = at::constant_pad_nd(doubles({0.3, -0.5, 1.1}).view({1, 3}), {0, k_block - 3}, -1e30);
  const at::Tensor gradient = joint_weight_gradient(loss, pairs, type_shares(omega, 3));
  for (std::int64_t type = 0; type < 3; ++type) {
    const auto moved = [&](double step) {
      at::Tensor other = omega.clone();
      other[0][type] += step;
      return joint_loss(loss, pairs, type_shares(other, 3)).item<double>();
    };
    EXPECT_NEAR(gradient[0][type].item<double>(), (moved(1e-6) - moved(-1e-6)) / 2e-6, 1e-8);
  }
}

TEST(JointLikelihood, SharesStepLikeAdam) {
  const TrainingObjective& method = *find_objective("joint_likelihood");
  const std::vector<Settings> settings(1, Settings{{"method.joint_likelihood.types", std::int64_t{2}},
                                                   {"method.joint_likelihood.weight_learning_rate", 0.1}});
  ObjectiveState state = method.initial_state(settings, {}, {}, k_double);
  PackBatch batch;
  batch.user = at::zeros({1, 32}, at::kLong);
  batch.weight = at::ones({1, 32}, k_double);
  batch.loss = at::cat({at::full({1, 1, 32}, 0.1, k_double), at::full({1, 1, 32}, 1.5, k_double)}, 1);
  (void)method.loss(batch, {}, state);
  // The first step of Adam is the sign of the gradient: the type that explains the answers gains.
  EXPECT_NEAR(state.at("omega")[0][0].item<double>(), 0.1, 1e-6);
  EXPECT_NEAR(state.at("omega")[0][1].item<double>(), -0.1, 1e-6);
  EXPECT_EQ(state.at("omega_steps")[0].item<double>(), 1);
  const at::Tensor share = method.member_weights(1, 2, {{"omega", state.at("omega")}}, k_double);
  EXPECT_NEAR(share[0][0].item<double>(), 1 / (1 + std::exp(-0.2)), 1e-6);
}

TEST(JointLikelihood, TheVarianceIsThatOfTheMixture) {
  const at::Tensor share = doubles({0.2, 0.5, 0.3}).view({1, 3});
  const at::Tensor p = doubles({0.9, 0.2, 0.4, 0.5, 0.6, 0.1}).view({1, 3, 2});
  const at::Tensor variance = variance_over_types(share, p);
  for (std::int64_t i = 0; i < 2; ++i) {
    double mean = 0;
    double square = 0;
    for (std::int64_t type = 0; type < 3; ++type) {
      mean += share[0][type].item<double>() * p[0][type][i].item<double>();
      square += share[0][type].item<double>() * std::pow(p[0][type][i].item<double>(), 2);
    }
    EXPECT_NEAR(variance[0][i].item<double>(), square - mean * mean, 1e-15);
  }
  EXPECT_EQ(variance_over_types(share, at::full({1, 3, 1}, 0.3, k_double)).clamp_max(1e-16).item<double>(),
            variance_over_types(share, at::full({1, 3, 1}, 0.3, k_double)).item<double>());
  const at::Tensor q = random_numbers({4, 3, 32}, 8, 0, 1);
  const JointProbabilities joint = joint_probabilities(share.expand({4, 3}), q, 1 - q);
  EXPECT_TRUE(at::allclose(joint.both + joint.first_only + joint.second_only + joint.neither,
                           at::ones({4, 32}, k_double), 1e-14, 1e-14));
}

TEST(JointLikelihood, RefusesBatchesThatHoldNobodyTwice) {
  const TrainingObjective& method = *find_objective("joint_likelihood");
  TrainingFacts facts;
  facts.comparisons = 1000;
  facts.users = 1000;
  facts.training.user = at::arange(1000, at::kLong);
  Settings settings = {{"method.joint_likelihood.types", std::int64_t{2}}, {"training.batch", std::int64_t{500}}};
  EXPECT_THROW((void)method.stages(settings, facts), UserError);
  facts.training.user = at::arange(1000, at::kLong).remainder(100);
  EXPECT_EQ(method.stages(settings, facts).back().members, 2);
  settings["training.batch"] = std::int64_t{5};
  EXPECT_THROW((void)method.stages(settings, facts), UserError);
}

}  // namespace
}  // namespace fairsweep
