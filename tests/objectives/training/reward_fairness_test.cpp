#include "objectives/training/reward_fairness.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/pooled.hpp"
#include "tests/objectives/training/training_batches.hpp"

namespace fairsweep::testing {
namespace {

const at::TensorOptions k_double(at::kDouble);

Settings settings_of(const std::string& form, double beta, double number) {
  return {{"method.reward_fairness.form", form},
          {"method.reward_fairness.beta", beta},
          {form == "coefficient" ? "method.reward_fairness.exponent" : "method.reward_fairness.weight", number}};
}

at::Tensor loss_of(const Settings& settings, const PackBatch& batch) {
  const TrainingObjective& method = *find_objective("reward_fairness");
  const std::vector<Settings> trials(static_cast<std::size_t>(batch.weight.size(0)), settings);
  ObjectiveState state;
  return method.loss(batch, method.constants(trials, {}, {}, k_double), state);
}

/// f_beta as published, without logarithms: x over its sum, B in the denominator.
double published(const std::vector<double>& x, double beta) {
  double sum = 0;
  for (const double one : x)
    sum += one;
  double powers = 0;
  for (const double one : x)
    powers += std::pow(one / sum, 1 - beta);
  return (beta < 1 ? 1 : -1) * std::pow(powers, 1 / beta) / static_cast<double>(x.size());
}

/// Pairs of weight 1 that are won with these probabilities.
PackBatch won_with(const std::vector<double>& x) {
  PackBatch batch;
  batch.weight = at::zeros({1, 32}, at::kDouble);
  at::Tensor margin = at::full({1, 32}, 5.0, at::kDouble);
  for (std::size_t i = 0; i < x.size(); ++i) {
    batch.weight[0][static_cast<std::int64_t>(i)] = 1.0;
    margin[0][static_cast<std::int64_t>(i)] = std::log(x[i] / (1 - x[i]));
  }
  set_margin(batch, margin);
  return batch;
}

double size_of(const PackBatch& batch, double beta) {
  const at::Tensor logarithm = log_reward_fairness(batch.margin, batch.weight, at::full({1, 1}, beta, at::kDouble));
  EXPECT_EQ(logarithm.sizes(), batch.margin.sizes());
  EXPECT_TRUE(logarithm.eq(logarithm.select(1, 0).unsqueeze(1)).all().item<bool>());
  return std::exp(logarithm[0][0].item<double>());
}

TEST(RewardFairness, ByHandNumbers) {
  const PackBatch batch = won_with({0.5, 0.25});
  EXPECT_NEAR(size_of(batch, -1), 0.9, 1e-14) << "Jain: 0.75^2 / (2 * 0.3125)";
  EXPECT_NEAR(size_of(batch, 2), std::sqrt(1.125), 1e-14) << "ratios 4/3, 2/3: root of the mean of their inverses";
  EXPECT_NEAR(size_of(batch, 0.5), std::pow((std::sqrt(4.0 / 3) + std::sqrt(2.0 / 3)) / 2, 2), 1e-14);
  const double regularised = loss_of(settings_of("regularisation", -1, 0.1), batch).item<double>();
  EXPECT_NEAR(regularised, 1.5 * std::log(2.0) - 0.09, 1e-14);
  const double negative = loss_of(settings_of("regularisation", 2, 0.1), batch).item<double>();
  EXPECT_NEAR(negative, 1.5 * std::log(2.0) + 0.1 * std::sqrt(1.125), 1e-14);
  const double multiplied = loss_of(settings_of("coefficient", -1, 0.5), batch).item<double>();
  EXPECT_NEAR(multiplied, 1.5 * std::log(2.0) * std::sqrt(0.9), 1e-14);
}

TEST(RewardFairness, IsThePublishedFormula) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    PackBatch batch = random_pairs({.trials = 1}, seed);
    batch.weight = batch.weight.gt(0).to(at::kDouble);
    std::vector<double> x;
    for (std::int64_t b = 0; b < 21; ++b)
      x.push_back(1 / (1 + std::exp(-batch.margin[0][b].item<double>())));
    for (const double beta : {-5.0, -1.0, -0.2, 0.3, 0.9, 1.5, 4.0}) {
      EXPECT_NEAR((beta < 1 ? 1 : -1) * size_of(batch, beta) / published(x, beta), 1, 1e-11)
          << "seed " << seed << ", beta " << beta;
    }
  }
}

TEST(RewardFairness, AWeightOfTwoIsTheComparisonTwice) {
  PackBatch weighted = won_with({0.3, 0.6, 0.8});
  weighted.weight[0][1] = 2.0;
  const PackBatch twice = won_with({0.3, 0.6, 0.6, 0.8});
  for (const double beta : {-2.0, 0.4, 3.0}) {
    EXPECT_NEAR(size_of(weighted, beta), size_of(twice, beta), 1e-14) << beta;
    EXPECT_NEAR(loss_of(settings_of("regularisation", beta, 0.7), weighted).item<double>(),
                loss_of(settings_of("regularisation", beta, 0.7), twice).item<double>(), 1e-14);
  }
}

TEST(RewardFairness, WhatIsInThePaddingChangesNothing) {
  PackBatch batch = random_pairs({}, 9);
  PackBatch other = batch;
  at::Tensor margin = batch.margin.clone();
  margin.masked_fill_(batch.weight.eq(0), -2000.0);
  set_margin(other, margin);
  PackBatch third = batch;
  set_margin(third, batch.margin.masked_fill(batch.weight.eq(0), 900.0));
  for (const double beta : {-3.0, 0.5, 6.0}) {
    const Settings settings = settings_of("regularisation", beta, 0.2);
    EXPECT_TRUE(loss_of(settings, batch).equal(loss_of(settings, other))) << beta;
    EXPECT_TRUE(loss_of(settings, batch).equal(loss_of(settings, third))) << beta;
  }
}

TEST(RewardFairness, IsOneWhereAllAreAlikeAndLessWhereNot) {
  const PackBatch even = won_with({0.4, 0.4, 0.4});
  const PackBatch uneven = won_with({0.1, 0.4, 0.9});
  for (const double beta : {-4.0, -1.0, 0.5}) {
    EXPECT_NEAR(size_of(even, beta), 1, 1e-14);
    EXPECT_LT(size_of(uneven, beta), 0.95);
  }
  EXPECT_GT(size_of(uneven, 2), 1.05) << "above 1 the index is negative: larger is further from even";
}

TEST(RewardFairness, OfNoWeightOrPowerIsPooled) {
  const PackBatch batch = random_pairs({}, 2);
  for (const std::string form : {"regularisation", "coefficient"})
    EXPECT_TRUE(loss_of(settings_of(form, -1, 0), batch).equal(pooled_loss(batch))) << form;
}

TEST(RewardFairness, HugeMarginsGiveFiniteNumbers) {
  PackBatch batch = random_pairs({}, 5);
  for (const double scale : {1e3, -1e3, 1e-9}) {
    set_margin(batch, batch.margin.abs() * scale);
    const at::Tensor unknown = batch.margin.clone().requires_grad_(true);
    PackBatch at_unknown = batch;
    set_margin(at_unknown, unknown);
    const at::Tensor loss = loss_of(settings_of("regularisation", -1, 0.5), at_unknown);
    loss.sum().backward();
    EXPECT_TRUE(loss.isfinite().all().item<bool>()) << scale;
    EXPECT_TRUE(unknown.grad().isfinite().all().item<bool>()) << scale;
    batch = random_pairs({}, 5);
  }
}

TEST(RewardFairness, GradientsAgreeWithFiniteDifferences) {
  for (const double beta : {-3.0, -1.0, 0.4, 2.0}) {
    for (const std::string form : {"regularisation", "coefficient"}) {
      if (form == "coefficient" && beta > 1)
        continue;
      const Settings settings = settings_of(form, beta, 0.8);
      expect_gradient_in_margins(
          random_pairs({.trials = 2}, 31), [&](const PackBatch& batch) { return loss_of(settings, batch); },
          form + " " + std::to_string(beta));
    }
  }
}

TEST(RewardFairness, RegularisationDrawsMarginsTogetherAndThePublishedCoefficientApart) {
  // Of the pooled loss's own gradient, what is left is the fairness's: along it the two margins move to or from
  // each other.
  PackBatch batch = won_with({0.8, 0.3});
  const auto pull = [&](const Settings& settings) {
    PackBatch own = batch;
    const at::Tensor unknown = batch.margin.clone().requires_grad_(true);
    set_margin(own, unknown);
    const at::Tensor loss = loss_of(settings, own);
    loss.sum().backward();
    const at::Tensor with = unknown.grad().clone();
    const at::Tensor again = batch.margin.clone().requires_grad_(true);
    set_margin(own, again);
    pooled_loss(own).sum().backward();
    // For the coefficient the pooled gradient is scaled by f^exponent; take that out as well.
    const double scale = settings.contains("method.reward_fairness.exponent")
                             ? loss.item<double>() / pooled_loss(batch).item<double>()
                             : 1.0;
    const at::Tensor rest = with - scale * again.grad();
    return (rest[0][0] - rest[0][1]).item<double>();  // above 0: descent brings the larger down to the smaller
  };
  EXPECT_GT(pull(settings_of("regularisation", -1, 0.1)), 1e-3);
  EXPECT_GT(pull(settings_of("regularisation", 2, 0.1)), 1e-3);
  EXPECT_LT(pull(settings_of("coefficient", -1, 0.5)), -1e-3);
  EXPECT_GT(pull(settings_of("coefficient", -1, -0.5)), 1e-3);
}

std::string refusal(const Settings& settings) {
  try {
    (void)find_objective("reward_fairness")->stages(settings, TrainingFacts{});
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    return error.what();
  }
  return "";
}

TEST(RewardFairness, RefusesWhereTheIndexSaysNothing) {
  EXPECT_EQ(refusal(settings_of("regularisation", 0.0005, 0.1)),
            "setting \"method.reward_fairness.beta\" is within 0.001 of 0, where the fairness has the exponent 1 / "
            "beta; choose another");
  EXPECT_EQ(refusal(settings_of("coefficient", 1, 0.1)),
            "setting \"method.reward_fairness.beta\" is within 0.001 of 1, where the fairness says nothing (the sign "
            "of 1 - beta is 0); choose another");
  EXPECT_EQ(refusal(settings_of("coefficient", 1.5, 0.5)),
            "setting \"method.reward_fairness.beta\" is above 1, where the fairness is negative and has no real power; "
            "choose a smaller one, or form regularisation");
  EXPECT_EQ(refusal(settings_of("regularisation", 1.5, 0.5)), "");
  EXPECT_EQ(refusal(settings_of("coefficient", -1, 0.5)), "");
}

}  // namespace
}  // namespace fairsweep::testing
