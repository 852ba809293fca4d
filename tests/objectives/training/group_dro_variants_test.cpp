// The size adjustment and the worst share of group_dro; methods_test.cpp has its first rule.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/group_dro.hpp"
#include "objectives/training/pooled.hpp"
#include "tests/objectives/training/training_batches.hpp"

namespace fairsweep::testing {
namespace {

const at::TensorOptions k_double(at::kDouble);

/// 100, 16 and no comparisons; weights not all 1.
TrainingFacts facts_of_groups() {
  TrainingFacts facts;
  facts.groups = {"large", "small", "absent"};
  facts.group_weight = {90, 30, 0};
  facts.comparisons = 120;
  facts.training.group =
      at::cat({at::zeros({100}, at::kLong), at::ones({16}, at::kLong), at::full({4}, -1, at::kLong)});
  return facts;
}

Settings worst_share(double share, double averaging) {
  return {{"method.group_dro.rule", std::string("worst_share")},
          {"method.group_dro.worst_share", share},
          {"method.group_dro.averaging", averaging},
          {"method.group_dro.size_adjustment", 0.0}};
}

TEST(SizeAdjustments, AreTheConstantOverTheRootOfTheComparisons) {
  EXPECT_EQ(size_adjustments(facts_of_groups(), 3), (std::vector<double>{0.3, 0.75, 0}));
  EXPECT_EQ(size_adjustments(facts_of_groups(), 0), (std::vector<double>{0, 0, 0}));
}

TEST(GroupDroSizeAdjustment, MovesWeightToTheSmallGroupByHand) {
  // Losses alike: only the adjustment moves the weights, by e^0.3, e^0.75 and 1 in every step.
  PackBatch batch = random_pairs({.trials = 1, .people_without_group = false}, 1);
  batch.loss = at::ones_like(batch.weight);
  batch.group = batch.group.where(at::arange(32).ge(2), at::arange(32));  // both groups are there
  const TrainingObjective& method = *find_objective("group_dro");
  const Settings settings = {{"method.group_dro.step_size", 1.0},
                             {"method.group_dro.rule", std::string("exponentiated_gradient")},
                             {"method.group_dro.size_adjustment", 3.0}};
  const TrainingFacts facts = facts_of_groups();
  const ObjectiveConstants constants = method.constants({settings}, facts, {}, k_double);
  ObjectiveState state = method.initial_state({settings}, facts, constants, k_double);
  for (int step = 1; step <= 3; ++step) {
    (void)method.loss(batch, constants, state);
    EXPECT_NEAR(state.at("q")[0][1].item<double>() / state.at("q")[0][0].item<double>(), std::exp(0.45 * step), 1e-12);
    EXPECT_NEAR(state.at("q")[0][0].item<double>() / state.at("q")[0][2].item<double>(), std::exp(1.3 * step), 1e-11)
        << "the absent group has neither a loss nor an adjustment";
  }
}

TEST(GroupDroSizeAdjustment, OfNothingChangesNoBit) {
  const TrainingObjective& method = *find_objective("group_dro");
  const Settings plain = {{"method.group_dro.step_size", 0.3}};
  const Settings adjusted = {{"method.group_dro.step_size", 0.3},
                             {"method.group_dro.rule", std::string("exponentiated_gradient")},
                             {"method.group_dro.size_adjustment", 0.0}};
  const TrainingFacts facts = facts_of_groups();
  std::vector<ObjectiveState> states;
  for (const Settings& settings : {plain, adjusted})
    states.push_back(method.initial_state({settings}, facts, {}, k_double));
  const ObjectiveConstants constants = method.constants({adjusted}, facts, {}, k_double);
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const PackBatch batch = random_pairs({.trials = 1}, seed);
    const at::Tensor loss = method.loss(batch, constants, states[1]);
    // The rule as it was before there were adjustments, written out.
    const at::Tensor group_loss = group_mean_losses(batch, 3);
    const at::Tensor exponent = at::constant_pad_nd(group_loss, {0, k_block - 3}) * 0.3;
    const at::Tensor moved = states[0].at("q") * (exponent - exponent.amax(-1, true)).exp();
    states[0].at("q") = moved / moved.sum(-1, true);
    EXPECT_TRUE(states[1].at("q").equal(states[0].at("q"))) << "seed " << seed;
    EXPECT_TRUE(loss.equal(group_dro_loss(batch, states[0].at("q"), 3))) << "seed " << seed;
  }
}

TEST(MovedAverages, ByHandNumbers) {
  const auto table = [](std::vector<double> values) {
    return at::tensor(at::ArrayRef<double>(values), at::kDouble).view({1, 3});
  };
  const at::Tensor rate = at::tensor({0.25}, at::kDouble);
  GroupAverages averages{table({0, 0, 0}), table({0, 0, 0})};
  averages = moved_averages(averages, table({4, 8, 0}), table({1, 1, 0}).gt(0), rate);
  EXPECT_TRUE(averages.mean.equal(table({4, 8, 0}))) << "the first loss is taken whole";
  averages = moved_averages(averages, table({8, 0, 2}), table({1, 0, 1}).gt(0), rate);
  EXPECT_TRUE(averages.mean.equal(table({5, 8, 2}))) << "an absent group keeps its average";
  EXPECT_TRUE(averages.seen.equal(table({1, 1, 1})));
}

TEST(GroupDroWorstShare, FollowsThePlainTwinOverManySteps) {
  const TrainingObjective& method = *find_objective("group_dro");
  const std::vector<Settings> trials = {worst_share(0.1, 0.1), worst_share(0.5, 0.3), worst_share(0.9, 1.0)};
  const TrainingFacts facts = facts_of_groups();
  const ObjectiveConstants constants = method.constants(trials, facts, {}, k_double);
  ObjectiveState state = method.initial_state(trials, facts, constants, k_double);
  const std::vector<double> share = {0.75, 0.25, 0};
  std::vector<std::vector<double>> mean(3, std::vector<double>(3, -1));  // -1: not seen
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const PackBatch batch = random_pairs({.used = seed % 4 == 0 ? 2 : 21}, seed);  // sometimes a group is absent
    const at::Tensor loss = method.loss(batch, constants, state);
    for (std::int64_t k = 0; k < 3; ++k) {
      const double worst = number_of(trials[static_cast<std::size_t>(k)], "method.group_dro.worst_share");
      const double rate = number_of(trials[static_cast<std::size_t>(k)], "method.group_dro.averaging");
      std::vector<double>& own = mean[static_cast<std::size_t>(k)];
      std::vector<double> sum(3, 0.0), weight(3, 0.0);
      for (std::int64_t b = 0; b < 32; ++b) {
        const auto group = batch.group[k][b].item<std::int64_t>();
        if (group < 0)
          continue;
        const double own_weight = batch.weight[k][b].item<double>();
        sum[static_cast<std::size_t>(group)] += own_weight * batch.loss[k][b].item<double>();
        weight[static_cast<std::size_t>(group)] += own_weight;
      }
      double expected = 0;
      for (std::size_t g = 0; g < 2; ++g) {
        if (weight[g] > 0)
          own[g] = own[g] < 0 ? sum[g] / weight[g] : (1 - rate) * own[g] + rate * sum[g] / weight[g];
      }
      const std::size_t first = std::max(own[1], 0.0) > std::max(own[0], 0.0) ? 1 : 0;
      const double taken = std::min(1.0, share[first] / worst);
      for (std::size_t g = 0; g < 2; ++g) {
        const double q = g == first ? taken : 1 - taken;
        EXPECT_NEAR(state.at("q")[k][static_cast<std::int64_t>(g)].item<double>(), q, 1e-13) << "seed " << seed;
        if (weight[g] > 0)
          expected += q * sum[g] / weight[g];
      }
      EXPECT_NEAR(loss[k].item<double>(), expected, 1e-13) << "seed " << seed;
    }
  }
}

TEST(GroupDroWorstShare, OfEverybodyIsTheMeanOverGroupsByTheirWeight) {
  const TrainingObjective& method = *find_objective("group_dro");
  const std::vector<Settings> trials(3, worst_share(1.0, 0.1));
  const TrainingFacts facts = facts_of_groups();
  const ObjectiveConstants constants = method.constants(trials, facts, {}, k_double);
  ObjectiveState state = method.initial_state(trials, facts, constants, k_double);
  const PackBatch batch = random_pairs({.people_without_group = false}, 3);
  const at::Tensor mean = group_mean_losses(batch, 3);
  const at::Tensor loss = method.loss(batch, constants, state);
  for (std::int64_t k = 0; k < 3; ++k)
    EXPECT_NEAR(loss[k].item<double>(), (0.75 * mean[k][0] + 0.25 * mean[k][1]).item<double>(), 1e-14);
}

TEST(GroupDroWorstShare, IsPooledWhereTheBatchHasTheGroupsInTheirProportion) {
  TrainingFacts facts = facts_of_groups();
  PackBatch batch = random_pairs({.people_without_group = false}, 4);
  for (std::int64_t k = 1; k < 3; ++k) {
    batch.weight[k] = batch.weight[0];
    batch.group[k] = batch.group[0];
  }
  for (std::int64_t g = 0; g < 2; ++g)
    facts.group_weight[static_cast<std::size_t>(g)] = (batch.weight[0] * batch.group[0].eq(g)).sum().item<double>();
  const TrainingObjective& method = *find_objective("group_dro");
  const std::vector<Settings> trials(3, worst_share(1.0, 0.1));
  const ObjectiveConstants constants = method.constants(trials, facts, {}, k_double);
  ObjectiveState state = method.initial_state(trials, facts, constants, k_double);
  EXPECT_TRUE(at::allclose(method.loss(batch, constants, state), pooled_loss(batch), 1e-13, 1e-14));
}

TEST(GroupDroWorstShare, GradientsAreThoseOfTheLossesUnderTheWeights) {
  const TrainingObjective& method = *find_objective("group_dro");
  const std::vector<Settings> trials(3, worst_share(0.4, 1e-300));  // the averages stay as they are
  const TrainingFacts facts = facts_of_groups();
  const ObjectiveConstants constants = method.constants(trials, facts, {}, k_double);
  ObjectiveState state = method.initial_state(trials, facts, constants, k_double);
  (void)method.loss(random_pairs({}, 5), constants, state);
  expect_gradient_in_margins(
      random_pairs({}, 6),
      [&](const PackBatch& batch) {
        ObjectiveState copy = state;
        return method.loss(batch, constants, copy);
      },
      "group_dro, worst_share");
}

TEST(GroupDroRule, ThatIsUnknownIsNamed) {
  try {
    (void)find_objective("group_dro")
        ->initial_state({{{"method.group_dro.rule", std::string("best")}}}, facts_of_groups(), {}, k_double);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "setting \"method.group_dro.rule\" is \"best\"; it must be worst_share or exponentiated_gradient");
  }
}

}  // namespace
}  // namespace fairsweep::testing
