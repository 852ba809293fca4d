#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/group_dro.hpp"
#include "objectives/training/pooled.hpp"
#include "objectives/training/reweighted.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_trials = 3;
constexpr std::int64_t k_batch = 32;
constexpr std::int64_t k_used = 21;  // the rest is padding

/// Losses and weights of three trials; groups 0, 1, none, 0, ... with group 2 absent.
PackBatch random_batch(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0.1, 2);
  PackBatch batch;
  batch.group = at::zeros({k_trials, k_batch}, at::kLong);
  batch.weight = at::zeros({k_trials, k_batch}, at::kDouble);
  batch.loss = at::zeros({k_trials, k_batch}, at::kDouble);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    for (std::int64_t b = 0; b < k_batch; ++b) {
      batch.group[k][b] = static_cast<std::int64_t>(random() % 3) - 1;
      batch.weight[k][b] = b < k_used ? uniform(random) : 0.0;
      batch.loss[k][b] = uniform(random);
    }
  }
  return batch;
}

double number(const at::Tensor& tensor, std::int64_t k, std::int64_t b) { return tensor[k][b].item<double>(); }

TrainingFacts three_groups() {
  TrainingFacts facts;
  facts.groups = {"large", "small", "absent"};
  facts.group_weight = {60, 15, 0};
  return facts;
}

TEST(Pooled, IsTheWeightedMeanOfThePlainTwin) {
  const PackBatch batch = random_batch(1);
  const at::Tensor loss = pooled_loss(batch);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    double sum = 0;
    double weight = 0;
    for (std::int64_t b = 0; b < k_used; ++b) {
      sum += number(batch.weight, k, b) * number(batch.loss, k, b);
      weight += number(batch.weight, k, b);
    }
    EXPECT_NEAR(loss[k].item<double>(), sum / weight, 1e-14);
  }
}

TEST(Reweighted, StrengthZeroIsPooledToTheLastBit) {
  const TrainingObjective& method = *find_objective("reweighted");
  const std::vector<Settings> settings(k_trials, Settings{{"method.reweighted.strength", 0.0}});
  ObjectiveState state = method.initial_state(settings, three_groups(), {}, at::TensorOptions(at::kDouble));
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const PackBatch batch = random_batch(seed);
    EXPECT_TRUE(method.loss(batch, {}, state).equal(pooled_loss(batch))) << "seed " << seed;
  }
}

TEST(Reweighted, StrengthOneGivesEveryGroupTheSameTotalWeight) {
  const std::vector<double> weight = {60, 15, 7};
  const std::vector<double> factor = reweighting_factors(weight, 1.0);
  EXPECT_NEAR(weight[0] * factor[0], weight[1] * factor[1], 1e-12);
  EXPECT_NEAR(weight[0] * factor[0], weight[2] * factor[2], 1e-12);
}

TEST(Reweighted, TheMeanFactorOverComparisonsIsOne) {
  const std::vector<double> weight = {60, 15, 7};
  for (const double strength : {-1.0, 0.0, 0.3, 1.0, 2.5}) {
    const std::vector<double> factor = reweighting_factors(weight, strength);
    EXPECT_NEAR(60 * factor[0] + 15 * factor[1] + 7 * factor[2], 82, 1e-11) << strength;
    EXPECT_NEAR(factor[0] / factor[1], std::pow(60.0 / 15.0, -strength), 1e-12) << strength;
  }
  EXPECT_EQ(reweighting_factors({60, 0, 15}, 0.5)[1], 1.0) << "a group without comparisons";
}

TEST(Reweighted, IsThePlainTwinAndLeavesPeopleWithoutAGroupAlone) {
  const TrainingObjective& method = *find_objective("reweighted");
  std::vector<Settings> settings;
  for (const double strength : {0.0, 0.5, 1.0})
    settings.push_back({{"method.reweighted.strength", strength}});
  const TrainingFacts facts = three_groups();
  ObjectiveState state = method.initial_state(settings, facts, {}, at::TensorOptions(at::kDouble));
  const PackBatch batch = random_batch(4);
  const at::Tensor loss = method.loss(batch, {}, state);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    const std::vector<double> factor = reweighting_factors(facts.group_weight, 0.5 * static_cast<double>(k));
    double sum = 0;
    double weight = 0;
    for (std::int64_t b = 0; b < k_used; ++b) {
      const auto group = batch.group[k][b].item<std::int64_t>();
      const double own = group < 0 ? 1 : factor[static_cast<std::size_t>(group)];
      sum += own * number(batch.weight, k, b) * number(batch.loss, k, b);
      weight += number(batch.weight, k, b);
    }
    EXPECT_NEAR(loss[k].item<double>(), sum / weight, 1e-14);
  }
}

/// Mean loss of each group over a trial's comparisons, and the loss with weights q, in plain doubles.
struct PlainDro {
  std::vector<double> mean = {0, 0, 0};
  PlainDro(const PackBatch& batch, std::int64_t k) {
    std::vector<double> weight(3, 0.0);
    for (std::int64_t b = 0; b < k_used; ++b) {
      const auto group = batch.group[k][b].item<std::int64_t>();
      if (group < 0)
        continue;
      mean[static_cast<std::size_t>(group)] += number(batch.weight, k, b) * number(batch.loss, k, b);
      weight[static_cast<std::size_t>(group)] += number(batch.weight, k, b);
    }
    for (std::size_t g = 0; g < 3; ++g)
      mean[g] = weight[g] > 0 ? mean[g] / weight[g] : 0;
  }
  void move(std::vector<double>& q, double step) const {
    double sum = 0;
    for (std::size_t g = 0; g < 3; ++g)
      sum += q[g] *= std::exp(step * mean[g]);
    for (double& one : q)
      one /= sum;
  }
  [[nodiscard]] double loss(const std::vector<double>& q) const {
    return q[0] * mean[0] + q[1] * mean[1] + q[2] * mean[2];
  }
};

TEST(GroupDro, FollowsThePlainTwinOverManySteps) {
  const TrainingObjective& method = *find_objective("group_dro");
  std::vector<Settings> settings;
  for (const double step : {0.01, 0.1, 1.0})
    settings.push_back({{"method.group_dro.step_size", step}});
  const ObjectiveConstants constants = method.constants(settings, three_groups(), {}, at::kDouble);
  ObjectiveState state = method.initial_state(settings, three_groups(), constants, at::kDouble);
  std::vector<std::vector<double>> q(3, std::vector<double>(3, 1.0 / 3));
  for (std::uint32_t seed = 0; seed < 15; ++seed) {
    const PackBatch batch = random_batch(seed);
    const at::Tensor loss = method.loss(batch, constants, state);
    for (std::int64_t k = 0; k < k_trials; ++k) {
      const PlainDro plain(batch, k);
      std::vector<double>& own = q[static_cast<std::size_t>(k)];
      plain.move(own, 0.01 * std::pow(10.0, static_cast<double>(k)));
      EXPECT_NEAR(loss[k].item<double>(), plain.loss(own), 1e-13) << "seed " << seed;
      for (std::int64_t g = 0; g < 3; ++g) {
        EXPECT_NEAR(number(state.at("q"), k, g), own[static_cast<std::size_t>(g)], 1e-13) << "seed " << seed;
      }
    }
  }
}

TEST(GroupDro, WithoutStepsItIsTheMeanOfTheGroups) {
  const TrainingObjective& method = *find_objective("group_dro");
  const std::vector<Settings> settings(k_trials, Settings{{"method.group_dro.step_size", 0.0}});
  const ObjectiveConstants constants = method.constants(settings, three_groups(), {}, at::kDouble);
  ObjectiveState state = method.initial_state(settings, three_groups(), constants, at::kDouble);
  const PackBatch batch = random_batch(6);
  const at::Tensor loss = method.loss(batch, constants, state);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    const PlainDro plain(batch, k);
    EXPECT_NEAR(loss[k].item<double>(), (plain.mean[0] + plain.mean[1] + plain.mean[2]) / 3, 1e-14);
  }
}

TEST(GroupDro, GradientsFlowThroughTheLossesAndNotThroughTheWeights) {
  PackBatch batch = random_batch(8);
  batch.loss.requires_grad_(true);
  const TrainingObjective& method = *find_objective("group_dro");
  const std::vector<Settings> settings(k_trials, Settings{{"method.group_dro.step_size", 0.5}});
  const ObjectiveConstants constants = method.constants(settings, three_groups(), {}, at::kDouble);
  ObjectiveState state = method.initial_state(settings, three_groups(), constants, at::kDouble);
  method.loss(batch, constants, state).backward(at::ones({k_trials}, at::kDouble));
  EXPECT_FALSE(state.at("q").requires_grad());
  for (std::int64_t k = 0; k < k_trials; ++k) {
    for (std::int64_t g = 0; g < 2; ++g) {  // the gradient over a group sums to its weight
      const double share = batch.loss.grad()[k].masked_select(batch.group[k].eq(g)).sum().item<double>();
      EXPECT_NEAR(share, number(state.at("q"), k, g), 1e-14);
    }
    EXPECT_EQ(batch.loss.grad()[k].masked_select(batch.group[k].lt(0)).abs().sum().item<double>(), 0.0);
  }
}

TEST(GroupDro, NeedsGroups) {
  try {
    (void)find_objective("group_dro")->stages({}, TrainingFacts{});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_STREQ(error.what(),
                 "method group_dro needs groups, and the data have none; choose another method or set data.groups");
  }
}

TEST(MethodSettings, AMissingNumberIsNamed) {
  try {
    (void)number_of({{"method.name", std::string("group_dro")}}, "method.group_dro.step_size");
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "the trial's settings have no number \"method.group_dro.step_size\"; the sweep "
                 "configuration must give one");
  }
}

}  // namespace
}  // namespace fairsweep
