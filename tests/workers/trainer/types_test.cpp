#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "tests/workers/trainer/typed_people.hpp"
#include "workers/trainer/people_clusters.hpp"
#include "workers/trainer/training_facts.hpp"

namespace fairsweep {
namespace {

using testing::expect_same_bits;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::searched_types;
using testing::seeded;
using testing::typed_people;
using testing::types_settings;
using testing::varied_trials;
using testing::with;

TrialOutcome outcome_of(const Settings& settings, const TrainingSet& data, std::uint64_t seed = 3) {
  TrialOrder order;
  order.settings = settings;
  TrialOutcome outcome = outcomes_of({order}, data, seeded(seed)).front();
  EXPECT_FALSE(outcome.failed) << outcome.failure.message;
  return outcome;
}

double mean_loss(const SplitScores& scores) {
  double sum = 0;
  for (const float value : scores.log_probability)
    sum -= static_cast<double>(value);
  return sum / static_cast<double>(scores.log_probability.size());
}

TEST(HiddenTypes, AreFoundFromRankings) {
  const TrainingSet data = typed_people({.types = 3, .users = 150, .contexts = 300, .seed = 4});
  const TrialOutcome types = outcome_of(types_settings(3), data);
  EXPECT_GT(types.notes.at("types matching groups"), 0.9);
  EXPECT_LT(types.notes.at("types moved in the last round"), 0.1);
  EXPECT_NEAR(types.notes.at("types share 1") + types.notes.at("types share 2") + types.notes.at("types share 3"), 1,
              1e-12);
  const TrialOutcome pooled = outcome_of(types_settings(1), data);
  EXPECT_LT(mean_loss(types.test), mean_loss(pooled.test) - 0.1) << "new people are scored by their history";
  EXPECT_GT(types.notes.at("types held-out log-likelihood"), pooled.notes.at("types held-out log-likelihood") + 0.1);
}

TEST(HiddenTypes, TheirNumberIsWhereHeldOutAnswersAreLikeliest) {
  const TrainingSet data = typed_people({.types = 3, .users = 120, .contexts = 300, .seed = 9});
  std::vector<double> likelihood, error;
  for (const std::int64_t number : {1, 2, 3, 4}) {
    const TrialOutcome outcome = outcome_of(types_settings(number), data);
    likelihood.push_back(outcome.notes.at("types held-out log-likelihood"));
    error.push_back(outcome.notes.at("types held-out standard error"));
  }
  // The smallest number within a standard error of the highest.
  const auto highest = std::max_element(likelihood.begin(), likelihood.end()) - likelihood.begin();
  const double enough = likelihood[static_cast<std::size_t>(highest)] - error[static_cast<std::size_t>(highest)];
  std::size_t fewest = 0;
  while (likelihood[fewest] < enough)
    ++fewest;
  EXPECT_EQ(fewest + 1, 3U);
}

TEST(HiddenTypes, OneAnswerAPersonTellsNobodyApart) {
  const TrainingSet data = typed_people(
      {.types = 3, .users = 400, .contexts = 400, .candidates = 2, .ranked = 1, .comparisons_per_user = 1, .seed = 4});
  const TrialOutcome types = outcome_of(types_settings(3), data);
  EXPECT_LT(types.notes.at("types matching groups"), 0.6);
}

/// Models that can learn every training answer by heart: more features than answers of a type.
TEST(HiddenTypes, AssignedByAnswersTheyWereTrainedOnAChanceStartStays) {
  const TrainingSet data = typed_people({.types = 2,
                                         .users = 60,
                                         .contexts = 400,
                                         .candidates = 2,
                                         .ranked = 1,
                                         .comparisons_per_user = 12,
                                         .features = 300,
                                         .seed = 2});
  const Settings chance = with(types_settings(2), {{"method.types.search.start", std::string("random")},
                                                   {"method.types.search.restarts", std::int64_t{1}},
                                                   {"method.types.search.rounds", std::int64_t{2}},
                                                   {"method.types.search.round_epochs", std::int64_t{20}},
                                                   {"method.types.assignment", std::string("hard")}});
  const TrialOutcome in_sample =
      outcome_of(with(chance, {{"method.types.search.evidence", std::string("in_sample")}}), data);
  const TrialOutcome held_out = outcome_of(chance, data);
  EXPECT_LT(in_sample.notes.at("types moved in the last round"), 0.06);
  EXPECT_GT(held_out.notes.at("types moved in the last round"), 0.2);
}

TEST(HiddenTypes, OnePackOrManyAndStoppedOrNotAreTheSameBits) {
  const TrainingSet data = make_synthetic({.mixed = true, .history = 9, .newcomers_alone = true}).set;
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("fairsweep_types_" + std::to_string(::getpid()));
  for (const char* method : {"types", "max_min_types"}) {
    Settings settings =
        with(plain_settings(), searched_types("soft", {{"method.name", std::string(method)},
                                                       {"method.max_min_types.step_size", 0.2},
                                                       {"method.types.search.round_epochs", std::int64_t{3}}}));
    settings["training.epochs"] = std::int64_t{4};
    const std::vector<TrialOrder> trials = varied_trials(settings, 3);
    PackTrainingOptions options = seeded(21);
    options.data_digest = "data";
    const std::vector<TrialOutcome> together = outcomes_of(trials, data, options);
    for (const TrialOrder& trial : trials)
      expect_same_bits(outcomes_of({trial}, data, options).front(), together[trial.trial.value], method);
    std::filesystem::create_directories(directory);
    options.checkpoint_directory = directory;
    for (const int epochs : {1, 3, 5}) {  // in the first round, between rounds, in the second
      PackTrainingOptions stopped = options;
      int asked = 0;
      stopped.should_stop = [&asked, epochs] { return ++asked >= epochs; };
      stopped.on_outcome = [](TrialOutcome&& outcome) { FAIL() << outcome.trial.value << " ended early"; };
      train_pack(trials, data, stopped);
      for (const TrialOutcome& outcome : outcomes_of({trials[2], trials[0], trials[1]}, data, options))
        expect_same_bits(outcome, together[outcome.trial.value], method);
    }
    std::filesystem::remove_all(directory);
  }
}

TEST(HiddenTypes, KnownOnlyAreTheTypesOfPeopleWhoAnswered) {
  const TrainingSet data = make_synthetic({.history = 9, .newcomers_alone = true}).set;
  const TrainingSet without = make_synthetic({}).set;
  const Settings settings = with(plain_settings(), searched_types("soft", {{"method.name", std::string("types")}}));
  const at::Tensor told = outcome_of(settings, data).parameters.at("member_weight");
  const at::Tensor silent = outcome_of(settings, without).parameters.at("member_weight");
  ASSERT_EQ(told.sizes(), (std::vector<std::int64_t>{12, 2}));
  EXPECT_TRUE(told.sum(1).allclose(at::ones({12}), 0, 1e-6));
  EXPECT_TRUE(told.narrow(0, 0, 10).equal(silent.narrow(0, 0, 10))) << "history is in no loss";
  EXPECT_TRUE(silent.select(0, 10).equal(silent.select(0, 11))) << "of two people without answers: the shares";
  EXPECT_FALSE(told.select(0, 10).equal(told.select(0, 11)));
}

TEST(MaxMinTypes, ShowsWhatItGivesAndWhatItTakes) {
  const TrainingSet data =
      typed_people({.types = 2, .shares = "6,1", .users = 210, .contexts = 300, .similarity = -0.5, .seed = 3});
  const Settings settings = with(
      types_settings(2), {{"method.name", std::string("max_min_types")}, {"method.max_min_types.step_size", 0.05}});
  const TrialOutcome outcome = outcome_of(settings, data);
  EXPECT_GT(outcome.notes.at("types matching groups"), 0.9);
  EXPECT_LT(outcome.notes.at("worst type's log loss against pooled"), -0.05) << "the minority gains";
  EXPECT_GT(outcome.notes.at("best type's log loss against pooled"), 0.05) << "the majority pays";
  EXPECT_NEAR(outcome.notes.at("type 1 log loss") - outcome.notes.at("type 1 log loss pooled"),
              outcome.notes.at("best type's log loss against pooled"), 1e-12);
}

TEST(PeopleClusters, OfTastesAreTheTypesWhereThereAreManyAnswers) {
  const TrainingSet data =
      typed_people({.types = 3, .users = 90, .contexts = 400, .comparisons_per_user = 60, .seed = 6});
  const TrainingFacts facts = training_facts(data);
  for (const char* by : {"tastes", "agreement"}) {
    const std::vector<std::int32_t> cluster = facts.cluster_people({by, 3, 1, 10});
    ASSERT_EQ(cluster.size(), 90U);
    for (std::size_t u = 0; u < cluster.size(); ++u) {
      EXPECT_EQ(cluster[u] >= 0, data.user_trained[u]) << by;
      for (std::size_t v = 0; v < u && cluster[u] >= 0; ++v) {
        if (cluster[v] >= 0) {
          EXPECT_EQ(cluster[u] == cluster[v], data.user_group[u] == data.user_group[v]) << by << " " << u << " " << v;
        }
      }
    }
    EXPECT_EQ(cluster, facts.cluster_people({by, 3, 1, 10})) << by;
  }
}

TEST(PeopleClusters, SayWhatDoesNotWorkAndWhatDoes) {
  const TrainingSet data = make_synthetic({}).set;  // everybody was asked something else
  const TrainingFacts facts = training_facts(data);
  try {
    (void)facts.cluster_people({"agreement", 2, 1, 1});
    FAIL() << "nobody shares a pair";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_NE(std::string(error.what()).find("use method.types.search.start: tastes"), std::string::npos);
  }
  try {
    (void)facts.cluster_people({"tastes", 11, 1, 1});
    FAIL() << "there are ten people";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("method.types.number is 11, but the 10 people"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace fairsweep
