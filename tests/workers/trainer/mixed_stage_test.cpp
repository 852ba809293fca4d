#include "workers/trainer/mixed_stage.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::expect_same_bits;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::Synthetic;
using testing::trials_of;
using testing::with;

Settings regret_settings(double emphasis) {
  return with(with(plain_settings(), testing::ensemble("groups", testing::min_max_regret("own"))),
              {{"method.name", std::string("min_max_regret")},
               {"method.min_max_regret.emphasis", emphasis},
               {"model.head", std::string("linear")},
               {"model.user", std::string("none")},
               {"training.epochs", std::int64_t{3}}});
}

Settings soup_settings(double share) {
  return with(plain_settings(), {{"method.name", std::string("soup")},
                                 {"method.soup.share", share},
                                 {"method.soup.second_share", 0.5},
                                 {"method.soup.third_share", 0.5},
                                 {"method.soup.models.epochs", std::int64_t{3}},
                                 {"method.soup.models.learning_rate", 0.05},
                                 {"method.soup.models.weight_decay", 0.0},
                                 {"model.head", std::string("linear")},
                                 {"model.user", std::string("none")},
                                 {"training.epochs", std::int64_t{2}}});
}

class MixedStage : public ::testing::Test {
 protected:
  MixedStage()
      : directory_(std::filesystem::temp_directory_path() / ("fairsweep_mixed_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~MixedStage() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
};

TEST_F(MixedStage, ASweepOverWeightsTrainsTheModelsOnceAndSaysSo) {
  const Synthetic made = make_synthetic({});
  std::vector<StageNews> news;
  std::vector<std::uint32_t> all_epochs;
  PackTrainingOptions options = seeded(9);
  options.artefact_directory = directory_;
  options.on_stage = [&](const StageNews& one) { news.push_back(one); };
  options.on_progress = [&](const TrialProgress& progress) { all_epochs.push_back(progress.epochs); };
  std::vector<Settings> sweep;
  for (const double emphasis : {0.0, 1.0, 2.0, 4.0, 8.0})
    sweep.push_back(regret_settings(emphasis));
  const std::vector<TrialOutcome> outcomes = outcomes_of(trials_of(sweep), made.set, options);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news.front().stage, "models");
  EXPECT_EQ(news.front().trials, 5U);
  EXPECT_FALSE(all_epochs.empty());
  for (const std::uint32_t epochs : all_epochs)
    EXPECT_EQ(epochs, 3U) << "the models' epochs are all there are";
  for (const TrialOutcome& outcome : outcomes) {
    ASSERT_FALSE(outcome.failed) << outcome.failure.message;
    EXPECT_EQ(outcome.epochs, 0U);
    EXPECT_EQ(outcome.words.at("trained"), "nothing");
    EXPECT_EQ(outcome.words.at("joined"), "mixture of probabilities");
    EXPECT_EQ(outcome.words.at("models"), news.front().digest);
    for (const auto& [name, values] : outcomes.front().parameters) {
      EXPECT_EQ(outcome.parameters.at(name).equal(values), name != "member_weight" || outcome.trial.value == 0) << name;
    }
    const double first = outcome.notes.at("weight of " + made.set.groups[0]);
    EXPECT_EQ(outcome.parameters.at("member_weight")[0].item<double>(), first);
    EXPECT_NEAR(first + outcome.notes.at("weight of " + made.set.groups[1]), 1, 1e-12);
    EXPECT_LE(outcome.notes.at("largest regret (measured)"),
              outcome.notes.at("largest regret (linear programme)") + 1e-6);
  }
  // The more the second group's regret counts, the more its model does.
  const auto second = [&](std::size_t i) { return outcomes[i].notes.at("weight of " + made.set.groups[1]); };
  for (std::size_t i = 1; i < outcomes.size(); ++i)
    EXPECT_GE(second(i), second(i - 1) - 1e-9);
  EXPECT_GT(second(4), second(0) + 0.1);
  // In another process, from what is kept; and one of them alone, without a folder.
  news.clear();
  for (const TrialOutcome& again : outcomes_of(trials_of(sweep), made.set, options))
    expect_same_bits(again, outcomes[again.trial.value], "found");
  EXPECT_TRUE(news.front().found);
  expect_same_bits(outcomes_of({trials_of(sweep)[3]}, made.set, seeded(9)).front(), outcomes[3], "alone");
}

TEST_F(MixedStage, WeightOneIsTheModelItself) {
  const Synthetic made = make_synthetic({.candidates = 2});
  const std::vector<TrialOutcome> ends =
      outcomes_of(trials_of({soup_settings(0), soup_settings(1), soup_settings(0.25)}), made.set, seeded(9));
  for (const TrialOutcome& outcome : ends) {
    ASSERT_FALSE(outcome.failed) << outcome.failure.message;
    EXPECT_EQ(outcome.words.at("joined"), "mean of parameters");
    EXPECT_EQ(outcome.parameters.count("member_weight"), 0U) << "a soup is one model";
    EXPECT_GE(outcome.notes.at("mean validation loss of the models"),
              outcome.notes.at("validation loss in the middle of the models"))
        << "a linear model's loss is convex";
  }
  const at::Tensor& other = ends[0].parameters.at("weight");
  const at::Tensor& smallest = ends[1].parameters.at("weight");
  EXPECT_GT((other - smallest).abs().max().item<float>(), 0.05F);
  EXPECT_TRUE(ends[2].parameters.at("weight").allclose(0.75 * other + 0.25 * smallest, 0, 1e-6));
  // Of a linear model the soup is the mean of the scores.
  for (std::size_t i = 0; i < ends[0].test.margin.size(); ++i)
    EXPECT_NEAR(ends[2].test.margin[i], 0.75F * ends[0].test.margin[i] + 0.25F * ends[1].test.margin[i], 1e-5);
}

TEST_F(MixedStage, StoppedWhileTheModelsTrainItGoesOnExactly) {
  const Synthetic made = make_synthetic({});
  const std::vector<TrialOrder> trials = trials_of({regret_settings(1), regret_settings(4), soup_settings(0.3)});
  const std::vector<TrialOutcome> undisturbed = outcomes_of(trials, made.set, seeded(9));
  for (const int stop_at : {1, 2, 4, 5, 6, 7, 8}) {
    const std::filesystem::path folder = directory_ / std::to_string(stop_at);
    std::filesystem::create_directories(folder);
    PackTrainingOptions options = seeded(9);
    options.checkpoint_directory = folder;
    options.artefact_directory = folder;
    std::map<std::uint32_t, TrialOutcome> ended;
    PackTrainingOptions until = options;
    int asked = 0;
    until.should_stop = [&] { return ++asked >= stop_at; };
    until.on_outcome = [&](TrialOutcome&& outcome) { ended.emplace(outcome.trial.value, std::move(outcome)); };
    train_pack(trials, made.set, until);
    EXPECT_LT(ended.size(), trials.size()) << stop_at;
    std::vector<TrialOrder> left;
    for (const TrialOrder& trial : trials) {
      if (ended.count(trial.trial.value) == 0)
        left.push_back(trial);
    }
    for (TrialOutcome& outcome : outcomes_of(left, made.set, options))
      ended.emplace(outcome.trial.value, std::move(outcome));
    for (const auto& [trial, outcome] : ended)
      expect_same_bits(outcome, undisturbed[trial], "stopped at " + std::to_string(stop_at));
  }
}

TEST_F(MixedStage, ModelsThatFailedFailTheTrialsThatMixThem) {
  const Synthetic made = make_synthetic({});
  Settings wild = regret_settings(1);
  wild["training.learning_rate"] = 1e30;
  const TrialOutcome outcome = outcomes_of(trials_of({wild}), made.set, seeded(9)).front();
  EXPECT_TRUE(outcome.failed);
  EXPECT_NE(outcome.failure.message.find("models"), std::string::npos) << outcome.failure.message;
}

}  // namespace
}  // namespace fairsweep
