#include "objectives/training/minimax_users.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/pooled.hpp"
#include "objectives/training/reweighted.hpp"
#include "tests/objectives/training/training_batches.hpp"

namespace fairsweep::testing {
namespace {

const at::TensorOptions k_double(at::kDouble);

/// One comparison a place in `user`, all of weight 1.
TrainingFacts facts_of(const std::vector<std::int64_t>& user, std::int64_t users) {
  TrainingFacts facts;
  facts.users = users;
  facts.comparisons = static_cast<std::int64_t>(user.size());
  facts.training.user = at::tensor(at::ArrayRef<std::int64_t>(user), at::kLong);
  facts.training.weight = at::ones({facts.comparisons}, at::kDouble);
  return facts;
}

/// Users 0 to 4 with 2, 4, 6, 8 and 10 comparisons; user 5 has none.
TrainingFacts uneven() {
  std::vector<std::int64_t> user;
  for (std::int64_t u = 0; u < 5; ++u)
    user.insert(user.end(), static_cast<std::size_t>(2 * (u + 1)), u);
  return facts_of(user, 6);
}

struct Started {
  const TrainingObjective& method = *find_objective("minimax_users");
  std::vector<Settings> trials;
  TrainingFacts facts;
  ObjectiveConstants constants;
  ObjectiveState state;
  Started(const std::vector<double>& step_sizes, double worst_share, TrainingFacts of)
      : trials(each_with("method.minimax_users.step_size", step_sizes,
                         {{"method.minimax_users.worst_share", worst_share}})),
        facts(std::move(of)),
        constants(method.constants(trials, facts, {}, k_double)),
        state(method.initial_state(trials, facts, constants, k_double)) {}
  at::Tensor loss(const PackBatch& batch) { return method.loss(batch, constants, state); }
  [[nodiscard]] std::vector<double> weights(std::int64_t k) const {
    const at::Tensor weight = state.at("log_weight")[k].exp();
    std::vector<double> values;
    for (std::int64_t u = 0; u < facts.users; ++u)
      values.push_back((weight[u] / weight.sum()).item<double>());
    return values;
  }
};

TEST(MinimaxUsers, OneStepByHand) {
  // 4 comparisons of user 0 and 2 of user 1 in training; a batch of one each, losses 0.5 and 1. Scaled by 6 / 4 and
  // 6 / 2 over the 2 in the batch: 0.375 and 1.5.
  PackBatch batch;
  batch.user = at::constant_pad_nd(at::tensor({0, 1}, at::kLong).view({1, 2}), {0, 30});
  batch.weight = at::constant_pad_nd(at::ones({1, 2}, at::kDouble), {0, 30});
  batch.loss = at::constant_pad_nd(at::tensor({0.5, 1.0}, at::kDouble).view({1, 2}), {0, 30}, 7.0);
  Started one({std::log(16.0)}, 0, facts_of({0, 0, 0, 0, 1, 1}, 3));
  const double loss = one.loss(batch).item<double>();
  const double low = std::pow(16, 0.375);
  const double high = 64;
  const std::vector<double> weights = one.weights(0);
  EXPECT_NEAR(weights[0], low / (low + high), 1e-15);
  EXPECT_NEAR(weights[1], high / (low + high), 1e-15);
  EXPECT_EQ(weights[2], 0.0) << "who has no training comparisons";
  EXPECT_NEAR(loss, (low * 0.375 + high * 1.5) / (low + high), 1e-14);
}

TEST(MinimaxUsers, WithoutStepsEveryPersonCountsOnce) {
  Started even({0, 0, 0}, 0, uneven());
  const std::vector<double> factors = reweighting_factors({2, 4, 6, 8, 10}, 1.0);
  const at::Tensor factor = at::tensor(at::ArrayRef<double>(factors), at::kDouble).unsqueeze(0).repeat({3, 1});
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    PackBatch batch = random_pairs({}, seed);
    const at::Tensor loss = even.loss(batch);
    batch.group = batch.user;  // as if everybody were a group
    EXPECT_TRUE(at::allclose(loss, reweighted_loss(batch, factor), 1e-13, 1e-15)) << "seed " << seed;
  }
}

TEST(MinimaxUsers, WithoutStepsAndWithEquallyManyComparisonsItIsPooled) {
  Started even({0, 0, 0}, 0, facts_of({0, 1, 2, 3, 4, 0, 1, 2, 3, 4}, 5));
  const PackBatch batch = random_pairs({}, 3);
  EXPECT_TRUE(at::allclose(even.loss(batch), pooled_loss(batch), 1e-13, 1e-15));
}

TEST(MinimaxUsers, WeightsMoveByTheMeanLossesOnAverageHoweverOftenPeopleTurnUp) {
  // Every comparison once, each a batch of its own: after all, log weights differ by M times the difference of the
  // users' mean losses, although user 4 moved five times as often as user 0.
  Started one({0.01}, 0, uneven());
  const std::int64_t count = one.facts.comparisons;
  PackBatch all = random_pairs({.trials = 1, .stored = 32, .used = 32}, 5);
  std::vector<double> sum(5, 0.0);
  for (std::int64_t i = 0; i < count; ++i) {
    PackBatch single = all;
    single.user = at::zeros({1, 32}, at::kLong);
    single.user[0][0] = one.facts.training.user[i];
    single.weight = at::zeros({1, 32}, at::kDouble);
    single.weight[0][0] = 1;
    single.loss = all.loss[0][i].expand({1, 32}).clone();
    sum[static_cast<std::size_t>(one.facts.training.user[i].item<std::int64_t>())] += all.loss[0][i].item<double>();
    (void)one.loss(single);
  }
  const at::Tensor& log_weight = one.state.at("log_weight");
  const auto mean = [&](std::size_t u) { return sum[u] / (2 * static_cast<double>(u + 1)); };
  for (std::int64_t u = 1; u < 5; ++u) {
    EXPECT_NEAR((log_weight[0][u] - log_weight[0][0]).item<double>(),
                0.01 * static_cast<double>(count) * (mean(static_cast<std::size_t>(u)) - mean(0)), 1e-12);
  }
}

TEST(MinimaxUsers, WhoIsAbsentKeepsTheProportionToOthersWhoAre) {
  Started one({0.5, 1, 2}, 0, uneven());
  PackBatch batch = random_pairs({}, 8);
  (void)one.loss(batch);
  const std::vector<double> before = one.weights(1);
  batch.user = batch.user % 3;  // users 3 and 4 are absent
  (void)one.loss(batch);
  const std::vector<double> after = one.weights(1);
  EXPECT_NEAR(after[3] / after[4], before[3] / before[4], 1e-12);
  EXPECT_GT(std::abs(after[0] / after[1] - before[0] / before[1]), 1e-3);
}

/// Exponentiated gradient and the cap, in plain doubles and without logarithms.
void plain_step(std::vector<double>& q, const PackBatch& batch, std::int64_t k, const TrainingFacts& facts, double step,
                double cap, double& loss) {
  std::vector<double> own(q.size(), 0.0);
  for (std::int64_t i = 0; i < facts.comparisons; ++i)
    own[static_cast<std::size_t>(facts.training.user[i].item<std::int64_t>())] += 1;
  const double all = batch.weight[k].sum().item<double>();
  std::vector<double> estimate(q.size(), 0.0);
  for (std::int64_t b = 0; b < batch.weight.size(1); ++b) {
    const auto u = static_cast<std::size_t>(batch.user[k][b].item<std::int64_t>());
    estimate[u] += static_cast<double>(facts.comparisons) / own[u] * batch.weight[k][b].item<double>() / all *
                   batch.loss[k][b].item<double>();
  }
  double sum = 0;
  for (std::size_t u = 0; u < q.size(); ++u)
    sum += q[u] *= std::exp(step * estimate[u]);
  for (double& one : q)
    one /= sum;
  for (std::size_t round = 0; round < q.size(); ++round) {
    double over = 0;
    double rest = 0;
    for (double& one : q) {
      if (one >= cap) {
        over += one - cap;
        one = cap;
      } else {
        rest += one;
      }
    }
    for (double& one : q) {
      if (one < cap)
        one *= 1 + over / rest;
    }
  }
  loss = 0;
  for (std::size_t u = 0; u < q.size(); ++u)
    loss += q[u] * estimate[u];
}

TEST(MinimaxUsers, FollowsThePlainTwinOverManySteps) {
  for (const double worst_share : {0.0, 0.3, 0.8}) {
    const std::vector<double> steps = {0.05, 0.3, 1};
    Started one(steps, worst_share, uneven());
    const double cap = worst_share == 0 ? 1 : std::min(1.0, 1 / (worst_share * 5));
    std::vector<std::vector<double>> q(3, {0.2, 0.2, 0.2, 0.2, 0.2, 0.0});
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      const PackBatch batch = random_pairs({}, seed);
      const at::Tensor loss = one.loss(batch);
      for (std::int64_t k = 0; k < 3; ++k) {
        std::vector<double>& own = q[static_cast<std::size_t>(k)];
        double expected = 0;
        own.resize(5);  // the twin knows only people with comparisons
        plain_step(own, batch, k, one.facts, steps[static_cast<std::size_t>(k)], cap, expected);
        EXPECT_NEAR(loss[k].item<double>(), expected, 1e-10) << "share " << worst_share << ", seed " << seed;
        const std::vector<double> weights = one.weights(k);
        for (std::size_t u = 0; u < 5; ++u)
          EXPECT_NEAR(weights[u], own[u], 1e-10) << "share " << worst_share << ", seed " << seed;
      }
    }
  }
}

TEST(MinimaxUsers, OverEverybodyAllWeighAlikeWhateverTheStep) {
  Started one({0.1, 1, 10}, 1, uneven());
  Started even({0, 0, 0}, 0, uneven());
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const PackBatch batch = random_pairs({}, seed);
    EXPECT_TRUE(at::allclose(one.loss(batch), even.loss(batch), 1e-11, 1e-12)) << "seed " << seed;
  }
}

TEST(MinimaxUsers, ATrialWithoutALimitIsTheSameBesideOneWithALimit) {
  Started alone({0.7}, 0, uneven());
  std::vector<Settings> trials = each_with("method.minimax_users.step_size", {0.7, 0.7});
  trials[0]["method.minimax_users.worst_share"] = 0.0;
  trials[1]["method.minimax_users.worst_share"] = 0.9;
  const ObjectiveConstants constants = alone.method.constants(trials, alone.facts, {}, k_double);
  ASSERT_TRUE(constants.contains("cap"));
  ASSERT_FALSE(alone.constants.contains("cap"));
  ObjectiveState state = alone.method.initial_state(trials, alone.facts, constants, k_double);
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const PackBatch batch = random_pairs({.trials = 1}, seed);
    PackBatch twice = batch;
    for (at::Tensor* tensor : {&twice.user, &twice.group, &twice.weight, &twice.loss, &twice.margin})
      *tensor = tensor->repeat({2, 1});
    const at::Tensor both = alone.method.loss(twice, constants, state);
    EXPECT_TRUE(both[0].equal(alone.loss(batch)[0])) << "seed " << seed;
  }
  EXPECT_TRUE(state.at("log_weight")[0].equal(alone.state.at("log_weight")[0]));
  EXPECT_FALSE(state.at("log_weight")[1].equal(state.at("log_weight")[0]));
}

TEST(MinimaxUsers, NobodyIsLostForGood) {
  Started one({10}, 0, facts_of({0, 1}, 2));
  PackBatch batch = random_pairs({.trials = 1, .users = 1}, 2);
  for (int step = 0; step < 100; ++step)
    (void)one.loss(batch);  // user 1 is absent, user 0's weight grows without end
  EXPECT_GT(one.state.at("log_weight")[0][1].item<double>(), -std::numeric_limits<double>::infinity());
  batch.user.fill_(1);
  for (int step = 0; step < 200; ++step)
    (void)one.loss(batch);
  EXPECT_GT(one.weights(0)[1], 0.99);
}

TEST(MinimaxUsers, GradientsAreThoseOfTheLossesUnderTheWeights) {
  for (const double worst_share : {0.0, 0.5}) {
    Started moved({2, 1, 0.5}, worst_share, uneven());
    (void)moved.loss(random_pairs({}, 11));
    moved.constants["step_size"].zero_();
    expect_gradient_in_margins(
        random_pairs({}, 12),
        [&](const PackBatch& batch) {
          ObjectiveState copy = moved.state;
          return moved.method.loss(batch, moved.constants, copy);
        },
        "minimax_users");
    EXPECT_FALSE(moved.state.at("log_weight").requires_grad());
  }
}

}  // namespace
}  // namespace fairsweep::testing
