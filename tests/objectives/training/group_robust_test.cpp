#include "objectives/training/group_robust.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/reweighted.hpp"
#include "tests/objectives/training/training_batches.hpp"

namespace fairsweep::testing {
namespace {

const at::TensorOptions k_double(at::kDouble);

TrainingFacts facts_of(std::vector<double> group_weight) {
  TrainingFacts facts;
  double sum = 0;
  for (const double weight : group_weight) {
    facts.groups.emplace_back("group");
    sum += weight;
  }
  facts.group_weight = std::move(group_weight);
  facts.comparisons = std::llround(sum);
  return facts;
}

struct Started {
  const TrainingObjective& method = *find_objective("group_robust");
  std::vector<Settings> trials;
  TrainingFacts facts;
  ObjectiveConstants constants;
  ObjectiveState state;
  Started(const std::vector<double>& step_sizes, TrainingFacts of)
      : trials(each_with("method.group_robust.step_size", step_sizes)),
        facts(std::move(of)),
        constants(method.constants(trials, facts, {}, k_double)),
        state(method.initial_state(trials, facts, constants, k_double)) {}
  at::Tensor loss(const PackBatch& batch) { return method.loss(batch, constants, state); }
};

TEST(GroupRobust, OneStepByHand) {
  // 60 comparisons of group 0 and 20 of group 1 in training; a batch of 2 and 2 with losses 0.5, 1.5 and 3, 1.
  // Scaled by 80 / 60 and 80 / 20 over the 4 in the batch: estimates 2/3 and 4.
  PackBatch batch;
  batch.group = at::constant_pad_nd(at::tensor({0, 0, 1, 1}, at::kLong).view({1, 4}), {0, 28});
  batch.weight = at::constant_pad_nd(at::ones({1, 4}, at::kDouble), {0, 28});
  batch.loss = at::constant_pad_nd(at::tensor({0.5, 1.5, 3.0, 1.0}, at::kDouble).view({1, 4}), {0, 28}, 9.0);
  Started one({std::log(2.0)}, facts_of({60, 20}));
  const double loss = one.loss(batch).item<double>();
  const double first = std::pow(2.0, 2.0 / 3);
  const double a = first / (first + 16);
  EXPECT_NEAR(one.state.at("a")[0][0].item<double>(), a, 1e-15);
  EXPECT_NEAR(one.state.at("a")[0][1].item<double>(), 1 - a, 1e-15);
  EXPECT_NEAR(loss, a * 2 / 3 + (1 - a) * 4, 1e-14);
}

TEST(GroupRobust, WithoutStepsItIsReweightedOfStrengthOne) {
  const TrainingFacts facts = facts_of({55, 15, 10});
  Started even({0, 0, 0}, facts);
  const TrainingObjective& reweighted = *find_objective("reweighted");
  const std::vector<Settings> strength = each_with("method.reweighted.strength", {1, 1, 1});
  ObjectiveState factors = reweighted.initial_state(strength, facts, {}, k_double);
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const PackBatch batch = random_pairs({.groups = 3, .people_without_group = false}, seed);
    EXPECT_TRUE(at::allclose(even.loss(batch), reweighted.loss(batch, {}, factors), 1e-13, 1e-15)) << "seed " << seed;
  }
}

TEST(GroupRobust, EstimatesAreTheGroupsMeanLossesOnAverage) {
  // All comparisons dealt into batches of equal size: the mean of the estimates is exact, absent groups included.
  constexpr std::int64_t k_batches = 6;
  PackBatch all = random_pairs({.trials = k_batches, .stored = 32, .used = 32, .groups = 3}, 7);
  all.weight.fill_(1);
  all.group[0].fill_(0);  // a batch in which two groups are absent
  std::vector<double> count(3, 0.0), sum(3, 0.0);
  for (std::int64_t g = 0; g < 3; ++g) {
    count[static_cast<std::size_t>(g)] = static_cast<double>(all.group.eq(g).sum().item<std::int64_t>());
    sum[static_cast<std::size_t>(g)] = (all.loss * all.group.eq(g)).sum().item<double>();
  }
  TrainingFacts facts = facts_of(count);
  facts.comparisons = k_batches * 32;  // those without a group count among all
  Started one(std::vector<double>(k_batches, 0.0), facts);
  const at::Tensor coefficient = group_estimate_coefficients(all, one.constants.at("scale"));
  const at::Tensor estimates = sums_by_group(all.group, coefficient * all.loss, 3).mean(0);
  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_NEAR(estimates[static_cast<std::int64_t>(g)].item<double>(), sum[g] / count[g], 1e-13);
}

TEST(GroupRobust, FollowsThePlainTwinOverManySteps) {
  const std::vector<double> steps = {0.01, 0.1, 1};
  Started one(steps, facts_of({50, 30, 0}));
  std::vector<std::vector<double>> a(3, std::vector<double>(3, 1.0 / 3));
  for (std::uint32_t seed = 0; seed < 15; ++seed) {
    const PackBatch batch = random_pairs({}, seed);
    const at::Tensor loss = one.loss(batch);
    for (std::int64_t k = 0; k < 3; ++k) {
      std::vector<double>& own = a[static_cast<std::size_t>(k)];
      const double all = batch.weight[k].sum().item<double>();
      std::vector<double> estimate(3, 0.0);
      for (std::int64_t b = 0; b < 21; ++b) {
        const auto group = batch.group[k][b].item<std::int64_t>();
        if (group >= 0) {
          estimate[static_cast<std::size_t>(group)] += 80 / one.facts.group_weight[static_cast<std::size_t>(group)] *
                                                       batch.weight[k][b].item<double>() / all *
                                                       batch.loss[k][b].item<double>();
        }
      }
      double sum = 0;
      for (std::size_t g = 0; g < 3; ++g)
        sum += own[g] *= std::exp(steps[static_cast<std::size_t>(k)] * estimate[g]);
      double expected = 0;
      for (std::size_t g = 0; g < 3; ++g) {
        own[g] /= sum;
        expected += own[g] * estimate[g];
        EXPECT_NEAR(one.state.at("a")[k][static_cast<std::int64_t>(g)].item<double>(), own[g], 1e-13) << seed;
      }
      EXPECT_NEAR(loss[k].item<double>(), expected, 1e-12) << "seed " << seed;
    }
  }
}

TEST(GroupRobust, GradientsAreThoseOfTheLossesUnderTheWeights) {
  Started moved({2, 1, 0.5}, facts_of({50, 30}));
  (void)moved.loss(random_pairs({}, 11));
  moved.constants["step_size"].zero_();
  expect_gradient_in_margins(
      random_pairs({}, 12),
      [&](const PackBatch& batch) {
        ObjectiveState copy = moved.state;
        return moved.method.loss(batch, moved.constants, copy);
      },
      "group_robust");
  EXPECT_FALSE(moved.state.at("a").requires_grad());
}

TEST(GroupRobust, NeedsGroups) {
  try {
    (void)find_objective("group_robust")->stages({}, TrainingFacts{});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "method group_robust needs groups, and the data have none; choose another method or set data.groups");
  }
}

}  // namespace
}  // namespace fairsweep::testing
