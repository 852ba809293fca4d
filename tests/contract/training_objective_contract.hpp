#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"

// What every training method must keep, under every reward model: a trial's bits do not depend on its pack. A method
// joins by one line in tests/workers/trainer/method_cases.hpp.
namespace fairsweep::testing {

class TrainingObjectiveContract : public ::testing::TestWithParam<ContractCase> {
 protected:
  /// New people are fitted under `pooled` alone: a fit sees models, whatever trained them, and costs several times what
  /// these trainings do.
  [[nodiscard]] static Settings settings() {
    const auto& [objective, head, user] = GetParam();
    return with(with(plain_settings(), objective.settings),
                {{"method.name", objective.method},
                 {"model.head", head},
                 {"model.user", user},
                 {"model.adaptation", std::string(objective.method == "pooled" ? "fit" : "mean")}});
  }

  [[nodiscard]] static std::int64_t asked() { return std::get<0>(GetParam()).asked; }

  /// A pack of 8, beside packs of one (all eight of one head and nothing known of people, else the last alone), and
  /// backwards in stacks of 3, 3 and 2.
  static void expect_pack_independent(const TrainingSet& data, const Settings& settings, const std::string& what) {
    constexpr std::uint32_t k_trials = 8;
    const std::vector<TrialOrder> trials = varied_trials(settings, k_trials);
    const PackTrainingOptions options = seeded(11);
    const std::vector<TrialOutcome> together = outcomes_of(trials, data, options);
    const auto compare = [&](const std::vector<TrialOrder>& pack, const PackTrainingOptions& how,
                             const std::string& name) {
      for (const TrialOutcome& outcome : outcomes_of(pack, data, how)) {
        const std::uint32_t trial = outcome.trial.value;
        EXPECT_FALSE(outcome.failed) << outcome.failure.message;
        expect_same_bits(outcome, together[trial], what + ", " + name + ", trial " + std::to_string(trial));
      }
    };
    const auto& [objective, head, user] = GetParam();
    for (std::size_t i = head == "mlp" && user == "none" ? 0 : trials.size() - 1; i < trials.size(); ++i)
      compare({trials[i]}, options, "alone");
    PackTrainingOptions cut = options;
    cut.trials_per_stack = 3;
    compare({trials.rbegin(), trials.rend()}, cut, "backwards in stacks of 3");
  }
};

TEST_P(TrainingObjectiveContract, ChoicesOfMixedSizeGiveTheSameBitsInEveryPack) {
  expect_pack_independent(
      make_synthetic({.candidates = 3, .mixed = true, .unasked = true, .history = 30, .asked = asked()}).set,
      settings(), "mixed choices");
}

TEST_P(TrainingObjectiveContract, TrainingLowersTheLossOnTheTrainingComparisons) {
  Synthetic made = make_synthetic({.training = 200, .features = 5, .noise = 0.3, .history = 30, .asked = asked()});
  made.set.validation = made.set.train;
  Settings longer = with(
      settings(),
      {{"training.epochs", std::int64_t{8}}, {"training.learning_rate", 0.03}, {"training.batch", std::int64_t{32}}});
  TrialOrder order;
  order.settings = longer;
  const TrialOutcome outcome = outcomes_of({order}, made.set, seeded(5)).front();
  ASSERT_FALSE(outcome.failed) << outcome.failure.message;
  double mean = 0;
  for (const float value : outcome.validation.log_probability)
    mean -= value;
  mean /= static_cast<double>(outcome.validation.log_probability.size());
  EXPECT_LT(mean, 0.85 * std::log(3.0)) << "guessing gives log 3";
}

/// The same of pairs, of which scores and losses are made another way; what is known of people is not, so these need
/// fewer kinds of it.
class TrainingObjectivePairs : public TrainingObjectiveContract {};

TEST_P(TrainingObjectivePairs, GiveTheSameBitsInEveryPack) {
  expect_pack_independent(make_synthetic({.candidates = 2, .unasked = true, .history = 30, .asked = asked()}).set,
                          settings(), "pairs");
}

}  // namespace fairsweep::testing
