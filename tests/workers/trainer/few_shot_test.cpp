#include "workers/trainer/few_shot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "tests/workers/trainer/typed_people.hpp"
#include "workers/trainer/fewer_answers.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::typed_people;
using testing::types_settings;
using testing::varied_trials;
using testing::with;

/// As if the trainer had been given no more: by hand, comparison by comparison.
TrainingSet first_of_each(const TrainingSet& set, std::int64_t shots) {
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> told(static_cast<std::size_t>(set.users), 0);
  for (std::int64_t row = 0; row < set.history.count(); ++row) {
    if (told[static_cast<std::size_t>(set.history.user[row].item<std::int64_t>())]++ < shots)
      rows.push_back(row);
  }
  const at::Tensor places = at::tensor(at::ArrayRef<std::int64_t>(rows), at::kLong);
  TrainingSet fewer = set;
  fewer.history = {};
  fewer.history.candidates = set.history.candidates.index_select(0, places);
  fewer.history.present = set.history.present.index_select(0, places);
  fewer.history.ranked = set.history.ranked.index_select(0, places);
  fewer.history.user = set.history.user.index_select(0, places);
  fewer.history.group = set.history.group.index_select(0, places);
  fewer.history.weight = set.history.weight.index_select(0, places);
  fewer.history.context_first = set.history.context_first.index_select(0, places);
  fewer.history.context_size = set.history.context_size.index_select(0, places);
  for (const std::int64_t row : rows)
    fewer.history.source.push_back(set.history.source[static_cast<std::size_t>(row)]);
  for (std::int64_t user = 0; user < set.users; ++user) {
    if (set.user_trained[static_cast<std::size_t>(user)])
      continue;
    at::Tensor sum = at::zeros({set.features.size(1)}, at::kDouble);
    double weight = 0;
    for (const std::int64_t row : rows) {
      if (set.history.user[row].item<std::int64_t>() != user)
        continue;
      const at::Tensor asked = set.history.candidates[row].masked_select(set.history.present[row]);
      const at::Tensor x = set.features.index_select(0, asked).to(at::kDouble);
      const double own = set.history.weight[row].item<double>();
      sum += (x[0] - x.narrow(0, 1, x.size(0) - 1).mean(0)) * own;
      weight += own;
    }
    if (fewer.user_history.is_same(set.user_history)) {
      fewer.user_history = set.user_history.clone();
      fewer.user_history_sum = set.user_history_sum.clone();
    }
    fewer.user_history[user] = (weight > 0 ? sum / weight : sum).to(set.user_history.scalar_type());
    fewer.user_history_sum[user] = sum.to(set.user_history.scalar_type());
  }
  return fewer;
}

/// Two newcomers with 11 comparisons each that they are known by.
TrainingSet newcomers() {
  return first_of_each(make_synthetic({.training = 60,
                                       .validation = 24,
                                       .test = 24,
                                       .features = 5,
                                       .mixed = true,
                                       .ranked = 2,
                                       .history = 22,
                                       .newcomers_alone = true})
                           .set,
                       11);
}

void expect_same_scores(const SplitScores& left, const SplitScores& right, const std::string& where) {
  ASSERT_EQ(left.margin.size(), right.margin.size()) << where;
  for (std::size_t i = 0; i < left.margin.size(); ++i) {
    EXPECT_NEAR(left.margin[i], right.margin[i], 2e-4) << where << " row " << i;
    EXPECT_NEAR(left.log_probability[i], right.log_probability[i], 2e-4) << where << " row " << i;
  }
}

PackTrainingOptions curves() {
  PackTrainingOptions options = seeded(5);
  options.few_shot = true;
  return options;
}

TEST(FewerAnswers, StepsAreNoneThenPowersOfTwoThenAll) {
  EXPECT_EQ(FewerAnswers(newcomers()).steps(), (std::vector<std::int64_t>{0, 1, 2, 4, 8, 11}));
  EXPECT_TRUE(FewerAnswers(make_synthetic({}).set).steps().empty());
}

TEST(FewerAnswers, AreTheFirstOfEachHistory) {
  const TrainingSet set = newcomers();
  const FewerAnswers answers(set);
  for (const std::int64_t shots : {0, 1, 3, 10}) {
    const TrainingSet fewer = answers.known_by(shots);
    const TrainingSet expected = first_of_each(set, shots);
    EXPECT_EQ(fewer.history.source, expected.history.source) << shots;
    EXPECT_TRUE(at::equal(fewer.history.candidates, expected.history.candidates)) << shots;
    EXPECT_TRUE(at::allclose(fewer.user_history, expected.user_history, 1e-5, 1e-6)) << shots;
    EXPECT_TRUE(at::allclose(fewer.user_history_sum, expected.user_history_sum, 1e-5, 1e-6)) << shots;
    EXPECT_EQ(fewer.history.count(), 2 * shots);
  }
  EXPECT_TRUE(at::equal(answers.known_by(11).user_history, set.user_history));
  const std::vector<bool> whole = people_of_whole_history(set);
  for (std::size_t user = 0; user < whole.size(); ++user)
    EXPECT_EQ(whole[user], user + 2 >= whole.size()) << user;
}

/// Of every model of users: a curve ends at what the trial says, and its steps are what a trainer that was told no more
/// would have said of the same parameters.
TEST(FewShot, StepsAreWhatATrainerSaysThatWasToldNoMore) {
  const TrainingSet set = newcomers();
  for (const std::string user : {"none", "history", "embedding", "reward_features", "low_rank", "personas",
                                 "ideal_point", "offset", "variational", "linked"}) {
    // Without a choice of epochs, so that what is known of validation people has no part in the training.
    const Settings settings =
        with(plain_settings(),
             {{"model.user", user}, {"model.adaptation", std::string("fit")}, {"training.epochs", std::int64_t{1}}});
    const std::vector<TrialOrder> trials = varied_trials(settings, 1);
    const std::vector<TrialOutcome> whole = outcomes_of(trials, set, curves());
    ASSERT_EQ(whole[0].few_shot.size(), 6U) << user;
    for (const std::int64_t shots : {0, 2, 8}) {
      const std::vector<TrialOutcome> told = outcomes_of(trials, first_of_each(set, shots), seeded(5));
      for (std::size_t k = 0; k < whole.size(); ++k) {
        ASSERT_FALSE(whole[k].failed) << user << whole[k].failure.message;
        const auto step = std::find_if(whole[k].few_shot.begin(), whole[k].few_shot.end(),
                                       [shots](const FewShotScores& one) { return one.shots == shots; });
        ASSERT_NE(step, whole[k].few_shot.end());
        const std::string where = user + " at " + std::to_string(shots);
        expect_same_scores(step->test, told[k].test, where);
        expect_same_scores(step->validation, told[k].validation, where);
      }
    }
    for (std::size_t k = 0; k < whole.size(); ++k) {
      EXPECT_EQ(whole[k].few_shot.back().test.margin, whole[k].test.margin) << user;
      EXPECT_EQ(whole[k].few_shot.back().test.log_probability, whole[k].test.log_probability) << user;
      const bool reads = user != "none" && user != "linked";
      EXPECT_EQ(whole[k].few_shot.front().test.margin != whole[k].test.margin, reads) << user;
    }
  }
}

/// Somebody nobody knows has the shares of the types, and each answer moves the posterior.
TEST(FewShot, TypesAreFoundByTheAnswersThatAreKnown) {
  const TrainingSet set = typed_people({.types = 3, .users = 60, .contexts = 200, .seed = 4});
  TrialOrder order;
  order.settings = with(types_settings(3), {{"training.epochs", std::int64_t{1}}});
  const TrialOutcome whole = outcomes_of({order}, set, curves()).front();
  ASSERT_FALSE(whole.failed) << whole.failure.message;
  const auto likelihood = [](const SplitScores& scores) {
    double sum = 0;
    for (const float value : scores.log_probability)
      sum += static_cast<double>(value);
    return sum / static_cast<double>(scores.log_probability.size());
  };
  for (const FewShotScores& step : whole.few_shot) {
    const TrialOutcome told = outcomes_of({order}, first_of_each(set, step.shots), seeded(5)).front();
    ASSERT_FALSE(told.failed) << told.failure.message;
    expect_same_scores(step.test, told.test, "types at " + std::to_string(step.shots));
  }
  EXPECT_EQ(whole.few_shot.back().test.margin, whole.test.margin);
  EXPECT_GT(likelihood(whole.few_shot.back().test), likelihood(whole.few_shot.front().test) + 0.05);
}

Settings soup_settings() {
  return with(plain_settings(), {{"method.name", std::string("personal_soup")},
                                 {"method.personal_soup.sharpness", 1.0},
                                 {"method.soup.models.epochs", std::int64_t{3}},
                                 {"method.soup.models.learning_rate", 0.05},
                                 {"method.soup.models.weight_decay", 0.0},
                                 {"model.user", std::string("none")},
                                 {"training.epochs", std::int64_t{1}}});
}

/// A personal soup of somebody nobody knows is that of the groups' shares, and each answer moves it.
TEST(FewShot, SoupsFollowTheAnswersThatAreKnown) {
  const TrainingSet set = typed_people({.types = 3, .users = 60, .contexts = 200, .seed = 4});
  TrialOrder order;
  order.settings = soup_settings();
  const TrialOutcome whole = outcomes_of({order}, set, curves()).front();
  ASSERT_FALSE(whole.failed) << whole.failure.message;
  ASSERT_GT(whole.few_shot.size(), 3U);
  for (const FewShotScores& step : whole.few_shot) {
    const TrialOutcome told = outcomes_of({order}, first_of_each(set, step.shots), seeded(5)).front();
    ASSERT_FALSE(told.failed) << told.failure.message;
    expect_same_scores(step.test, told.test, "soup at " + std::to_string(step.shots));
  }
  EXPECT_EQ(whole.few_shot.back().test.margin, whole.test.margin);
  EXPECT_NE(whole.few_shot.front().test.margin, whole.test.margin);
}

/// One type, or one group, leaves a single model: there are no weights that answers could move.
TEST(FewShot, OneModelHasNoWeightsToMove) {
  TrainingSet set = typed_people({.types = 2, .users = 40, .contexts = 100, .seed = 4});
  TrialOrder types, soup;
  types.settings = with(types_settings(1), {{"training.epochs", std::int64_t{1}}});
  soup.settings = soup_settings();
  soup.trial.value = 1;
  for (auto& group : set.user_group)
    group = 0;
  for (ComparisonTensors* part : {&set.train, &set.validation, &set.test, &set.history})
    part->group.zero_();
  set.groups.resize(1);
  for (const TrialOutcome& outcome : outcomes_of({types, soup}, set, curves())) {
    ASSERT_FALSE(outcome.failed) << outcome.failure.message;
    ASSERT_GT(outcome.few_shot.size(), 2U);
    EXPECT_EQ(outcome.few_shot.front().test.margin, outcome.test.margin);
  }
}

TEST(FewShot, NothingWhereItIsNotAskedForOrNobodyIsNew) {
  const std::vector<TrialOrder> trials = varied_trials(plain_settings(), 1);
  EXPECT_TRUE(outcomes_of(trials, newcomers(), seeded(5))[0].few_shot.empty());
  EXPECT_TRUE(outcomes_of(trials, make_synthetic({}).set, curves())[0].few_shot.empty());
}

}  // namespace
}  // namespace fairsweep
