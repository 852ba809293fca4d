#include "workers/trainer/pack_training.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::expect_same_bits;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::Synthetic;
using testing::varied_trials;
using testing::with;

Settings mlp_with_embeddings() {
  return with(plain_settings(), {{"model.head", std::string("mlp")}, {"model.user", std::string("embedding")}});
}

TEST(PackTraining, ATrialThatDivergesFailsAloneAndTheOthersKeepTheirBits) {
  const Synthetic made = make_synthetic({});
  std::vector<TrialOrder> trials = varied_trials(mlp_with_embeddings(), 4);
  const std::vector<TrialOutcome> without = outcomes_of(trials, made.set, seeded(3));
  trials[1].settings["training.learning_rate"] = 1e38;
  trials[1].settings["training.clip_norm"] = 0.0;
  const std::vector<TrialOutcome> outcomes = outcomes_of(trials, made.set, seeded(3));
  ASSERT_TRUE(outcomes[1].failed);
  EXPECT_EQ(outcomes[1].failure.stage, "training");
  EXPECT_EQ(outcomes[1].failure.reason, "non_finite_loss");
  EXPECT_FALSE(outcomes[1].failure.retryable);
  EXPECT_EQ(outcomes[1].failure.trial, trials[1].trial);
  EXPECT_EQ(outcomes[1].failure.message,
            "the loss was not finite in epoch 1; a smaller learning rate or a clipped gradient may help");
  for (const std::size_t other : {0U, 2U, 3U})
    expect_same_bits(outcomes[other], without[other], "beside a NaN");
}

TEST(PackTraining, TrialsThatStopEarlyLeaveTheStackAndTheOthersKeepTheirBits) {
  const Synthetic made = make_synthetic({.noise = 4});
  const Settings settings =
      with(mlp_with_embeddings(), {{"training.epochs", std::int64_t{30}},
                                   {"training.early_stopping.patience", std::int64_t{2}},
                                   {"training.early_stopping.watch", std::string("worst_group")}});
  std::vector<TrialOrder> trials = varied_trials(settings, 5);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    trials[i].settings["training.learning_rate"] = 0.0005 * std::pow(6.0, static_cast<double>(i));
  }
  const std::vector<TrialOutcome> together = outcomes_of(trials, made.set, seeded(8));
  std::map<std::uint32_t, int> by_length;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    expect_same_bits(outcomes_of({trials[i]}, made.set, seeded(8)).front(), together[i], "alone");
    by_length[together[i].epochs] += 1;
    if (together[i].epochs < 30) {
      EXPECT_EQ(together[i].epochs, together[i].best_epoch + 2);
    }
  }
  EXPECT_GE(by_length.size(), 3U) << "the trials of this test should end at different epochs";
}

TEST(PackTraining, TrialsKeepTheirBitsWhereTheSizeOfStacksIsMeasured) {
  // Long enough that measuring stacks of 1, 2 and 4 is below 2 % of it.
  const Synthetic made = make_synthetic({});
  const Settings settings = with(mlp_with_embeddings(), {{"training.epochs", std::int64_t{70}}});
  const std::vector<TrialOrder> trials = varied_trials(settings, 8);
  const std::vector<TrialOutcome> together = outcomes_of(trials, made.set, seeded(6));
  for (const std::size_t i : {0U, 5U})
    expect_same_bits(outcomes_of({trials[i]}, made.set, seeded(6)).front(), together[i], "alone");
}

TEST(PackTraining, BadSettingsFailTheirTrialWithASentence) {
  const Synthetic made = make_synthetic({});
  std::vector<TrialOrder> trials = varied_trials(plain_settings(), 5);
  trials[0].settings["method.name"] = std::string("poled");
  trials[1].settings.erase("training.epochs");
  trials[2].settings["model.user"] = std::string("age");
  trials[3].settings["training.warmup"] = 1.5;
  const std::vector<TrialOutcome> outcomes = outcomes_of(trials, made.set, seeded(1));
  std::string methods;
  for (const auto& method : objective_catalogue())
    methods += (methods.empty() ? "" : ", ") + std::string(method->name());
  const std::vector<std::string> messages = {
      "there is no method \"poled\"; did you mean \"pooled\"?; there are " + methods,
      "setting \"training.epochs\" of the trial is missing; the sweep configuration must give it",
      "setting \"model.user\" of the trial is \"age\"; it must be one of none, features, embedding, history, "
      "reward_features, low_rank, personas, ideal_point, offset, variational, linked",
      "setting \"training.warmup\" of the trial is out of range: 1.500000"};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    EXPECT_TRUE(outcomes[i].failed);
    EXPECT_EQ(outcomes[i].failure.stage, "setup");
    EXPECT_EQ(outcomes[i].failure.reason, "bad_setting");
    EXPECT_EQ(outcomes[i].failure.message, messages[i]);
  }
  EXPECT_FALSE(outcomes[4].failed);
}

TEST(PackTraining, TrialsOfDifferentShapesInOnePackAreEachTrained) {
  const Synthetic made = make_synthetic({});
  std::vector<TrialOrder> trials = varied_trials(plain_settings(), 3);
  trials[1].settings["model.head"] = std::string("mlp");
  trials[2].settings["training.batch"] = std::int64_t{16};
  const std::vector<TrialOutcome> together = outcomes_of(trials, made.set, seeded(2));
  for (std::size_t i = 0; i < trials.size(); ++i) {
    expect_same_bits(together[i], outcomes_of({trials[i]}, made.set, seeded(2)).front(), "mixed pack");
  }
}

TEST(PackTraining, ProgressIsToldForEveryEpochOfEveryTrial) {
  const Synthetic made = make_synthetic({});
  PackTrainingOptions options = seeded(2);
  std::vector<TrialProgress> seen;
  options.on_progress = [&seen](const TrialProgress& progress) { seen.push_back(progress); };
  const std::vector<TrialOutcome> outcomes = outcomes_of(varied_trials(plain_settings(), 3), made.set, options);
  ASSERT_EQ(seen.size(), 6U);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].trial.value, i % 3);
    EXPECT_EQ(seen[i].epoch, 1 + i / 3);
    EXPECT_EQ(seen[i].epochs, 2U);
    EXPECT_GT(seen[i].validation_loss, 0);
  }
  EXPECT_GT(outcomes[0].seconds, 0);
}

TEST(PackTraining, TheReportedScoresAreThoseOfTheBestEpoch) {
  // One epoch more of the same training changes the outcome only if it is better on validation.
  const Synthetic made = make_synthetic({.noise = 6});
  const Settings settings = with(plain_settings(), {{"training.epochs", std::int64_t{12}},
                                                    {"training.schedule", std::string("constant")},
                                                    {"training.warmup", 0.0},
                                                    {"training.learning_rate", 0.1}});
  TrialOrder order;
  order.settings = settings;
  PackTrainingOptions options = seeded(2);
  double best = INFINITY;
  std::uint32_t best_epoch = 0;
  options.on_progress = [&](const TrialProgress& progress) {
    if (progress.validation_loss < best) {
      best = progress.validation_loss;
      best_epoch = progress.epoch;
    }
  };
  const TrialOutcome outcome = outcomes_of({order}, made.set, options).front();
  EXPECT_EQ(outcome.best_epoch, best_epoch);
  EXPECT_LT(best_epoch, 12U) << "this test wants a model that overfits";
  EXPECT_EQ(outcome.notes.at("validation_watch"), best);
  order.settings["training.epochs"] = static_cast<std::int64_t>(best_epoch);
  const TrialOutcome shorter = outcomes_of({order}, made.set, seeded(2)).front();
  EXPECT_EQ(shorter.test.margin, outcome.test.margin);
}

TEST(PackTraining, ConditionalLogitFindsTheWeightsThatMadeTheChoices) {
  const Synthetic made = make_synthetic(
      {.users = 40, .training = 6000, .validation = 300, .features = 4, .candidates = 4, .groups = 1, .seed = 5});
  const Settings settings = with(plain_settings(), {{"training.epochs", std::int64_t{15}},
                                                    {"training.batch", std::int64_t{256}},
                                                    {"training.learning_rate", 0.05},
                                                    {"training.weight_decay", 0.0}});
  TrialOrder order;
  order.settings = settings;
  const TrialOutcome outcome = outcomes_of({order}, made.set, seeded(2)).front();
  ASSERT_FALSE(outcome.failed) << outcome.failure.message;
  const at::Tensor difference = outcome.parameters.at("weight") - made.utilities[0];
  // The standard error of a weight is about 1 / sqrt(0.7 * 6000) = 0.015 here.
  EXPECT_LT(difference.abs().max().item<double>(), 0.07) << outcome.parameters.at("weight") << made.utilities;
}

TEST(PackTraining, AUserConditionedModelServesTwoOpposedGroupsAndAPlainOneCannot) {
  Synthetic made = make_synthetic(
      {.users = 30, .training = 3000, .validation = 600, .features = 4, .candidates = 2, .seed = 9, .noise = 0.2});
  // User features that say the group, and group 1 wants the opposite of group 0.
  TrainingSet& set = made.set;
  for (ComparisonTensors* part : {&set.train, &set.validation, &set.test}) {
    for (std::int64_t i = 0; i < part->count(); ++i) {
      const at::Tensor utility = set.features.index_select(0, part->candidates[i]).mv(made.utilities[0].to(at::kFloat));
      const bool as_group_zero = (utility[0] > utility[1]).item<bool>();
      if (as_group_zero == (part->group[i].item<std::int64_t>() == 1))
        part->candidates[i] = part->candidates[i].flip(0);
    }
  }
  for (std::int64_t u = 0; u < set.users; ++u)
    set.user_features[u].fill_(set.user_group[static_cast<std::size_t>(u)] == 1 ? -1 : 1);
  const auto accuracy_of = [&](const std::string& user) {
    TrialOrder order;
    order.settings = with(plain_settings(), {{"model.user", user},
                                             {"training.epochs", std::int64_t{10}},
                                             {"training.batch", std::int64_t{64}},
                                             {"training.learning_rate", 0.05}});
    const TrialOutcome outcome = outcomes_of({order}, set, seeded(4)).front();
    double right = 0;
    for (const float margin : outcome.validation.margin)
      right += margin > 0 ? 1 : 0;
    return right / static_cast<double>(outcome.validation.margin.size());
  };
  EXPECT_LT(accuracy_of("none"), 0.75);
  EXPECT_GT(accuracy_of("features"), 0.95);
}

}  // namespace
}  // namespace fairsweep
