#include "workers/trainer/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer_session/small_data.hpp"

namespace fairsweep {
namespace {

using testing_data::small_data;
using testing_data::small_setup;

/// A model that is right on every comparison of the group "common" and wrong on the others.
TrialOutcome right_for_common(const TrainingSet& set) {
  const auto scores_of = [](const ComparisonTensors& part) {
    SplitScores scores;
    for (std::int64_t i = 0; i < part.count(); ++i) {
      const bool common = part.group[i].item<std::int64_t>() == 0;
      scores.margin.push_back(common ? 1.5F : -1.5F);
      scores.log_probability.push_back(common ? -0.25F : -2.0F);
    }
    return scores;
  };
  TrialOutcome outcome;
  outcome.validation = scores_of(set.validation);
  outcome.test = scores_of(set.test);
  return outcome;
}

const MetricValue& value_of(const Evaluation& evaluation, const std::string& metric, Split split,
                            const std::string& group) {
  for (const auto& value : evaluation.metrics) {
    if (value.metric == metric && value.split == split && value.group == group) {
      return value;
    }
  }
  throw std::runtime_error("no such metric in the report");
}

class EvaluationTest : public testing::Test {
 protected:
  TrainingSet set_ = make_training_set(small_data(), small_setup(), at::kCPU);
  Evaluation evaluation_ = Evaluator(set_, {"accuracy", "log_loss"}).evaluate(right_for_common(set_));
};

TEST_F(EvaluationTest, EveryMetricSplitAndGroup) {
  ASSERT_EQ(evaluation_.metrics.size(), 2U * 2U * 3U);
  for (const auto split : {Split::validation, Split::test}) {
    EXPECT_EQ(value_of(evaluation_, "accuracy", split, "common").value, 1);
    EXPECT_EQ(value_of(evaluation_, "accuracy", split, "rare").value, 0);
    EXPECT_NEAR(value_of(evaluation_, "log_loss", split, "common").value, 0.25, 1e-12);
    EXPECT_NEAR(value_of(evaluation_, "log_loss", split, "rare").value, 2, 1e-12);
    const auto& common = value_of(evaluation_, "accuracy", split, "common");
    const auto& rare = value_of(evaluation_, "accuracy", split, "rare");
    const auto& all = value_of(evaluation_, "accuracy", split, "");
    EXPECT_EQ(all.users, common.users + rare.users);
    EXPECT_EQ(all.comparisons, common.comparisons + rare.comparisons);
    EXPECT_EQ(all.comparisons, 8U * all.users);
    EXPECT_NEAR(all.value, static_cast<double>(common.users) / all.users, 1e-12);
    EXPECT_GT(all.standard_error, 0);
    EXPECT_EQ(common.standard_error, 0);  // all its users have the same value
  }
}

TEST_F(EvaluationTest, UsersBundleHasOneValueAUserAndNaNForTheAbsent) {
  EXPECT_EQ(evaluation_.users.arrays.size(), 4U);
  const auto& array = evaluation_.users.arrays.at("test/accuracy");
  EXPECT_EQ(array.shape, std::vector<std::uint64_t>{30});
  const auto& values = std::get<std::vector<double>>(array.values);
  std::vector<bool> tested(30, false);
  for (std::int64_t i = 0; i < set_.test.count(); ++i) {
    tested[static_cast<std::size_t>(set_.test.user[i].item<std::int64_t>())] = true;
  }
  for (std::size_t user = 0; user < 30; ++user) {
    if (tested[user]) {
      EXPECT_EQ(values[user], set_.user_group[user] == 0 ? 1 : 0);
    } else {
      EXPECT_TRUE(std::isnan(values[user]));
    }
  }
}

TEST_F(EvaluationTest, MarginsBundleNamesTheComparisons) {
  const auto& arrays = evaluation_.margins.arrays;
  EXPECT_EQ(arrays.size(), 6U);
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(arrays.at("test/comparison").values), set_.test.source);
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(arrays.at("validation/comparison").values), set_.validation.source);
  EXPECT_EQ(std::get<std::vector<float>>(arrays.at("test/margin").values), right_for_common(set_).test.margin);
  EXPECT_EQ(std::get<std::vector<float>>(arrays.at("validation/log_probability").values),
            right_for_common(set_).validation.log_probability);
}

TEST_F(EvaluationTest, AMetricOfGroupsAloneHasNoValuesOfPeople) {
  const auto evaluation = Evaluator(set_, {"accuracy", "calibration_error"}).evaluate(right_for_common(set_));
  EXPECT_EQ(evaluation.users.arrays.size(), 2U);
  EXPECT_FALSE(evaluation.users.arrays.contains("test/calibration_error"));
  // Right with exp(-0.25); wrong, with exp(-2 + 1.5) for the other candidate.
  EXPECT_NEAR(value_of(evaluation, "calibration_error", Split::test, "common").value, 1 - std::exp(-0.25), 1e-6);
  EXPECT_NEAR(value_of(evaluation, "calibration_error", Split::test, "rare").value, std::exp(-0.5), 1e-6);
  EXPECT_EQ(value_of(evaluation, "calibration_error", Split::test, "rare").users,
            value_of(evaluation, "accuracy", Split::test, "rare").users);
}

TEST_F(EvaluationTest, AMetricNamedTwiceIsReportedOnce) {
  const auto evaluation = Evaluator(set_, {"accuracy", "accuracy"}).evaluate(right_for_common(set_));
  EXPECT_EQ(evaluation.metrics.size(), 2U * 3U);
}

TEST_F(EvaluationTest, WhatGroupsOwnModelsReachIsNotedAndMarked) {
  const TrialOutcome outcome = right_for_common(set_);
  const auto notes = Evaluator(set_, {"accuracy", "log_loss"}).oracle_notes({outcome.validation, outcome.test});
  EXPECT_EQ(notes.size(), 1U + 2U * 2U * 2U) << "splits, metrics and groups; nothing over all";
  EXPECT_EQ(notes.at("oracle deployable"), 0);
  for (const std::string split : {"validation", "test"}) {
    EXPECT_EQ(notes.at("oracle " + split + " accuracy common"), 1);
    EXPECT_EQ(notes.at("oracle " + split + " accuracy rare"), 0);
    EXPECT_NEAR(notes.at("oracle " + split + " log_loss rare"), 2, 1e-12);
  }
  EXPECT_NEAR(Evaluator(set_, {"calibration_error"})
                  .oracle_notes({outcome.validation, outcome.test})
                  .at("oracle test calibration_error common"),
              1 - std::exp(-0.25), 1e-6);
  EXPECT_THROW((void)Evaluator(set_, {"accuracy"}).oracle_notes({outcome.validation, {}}), InternalError);
}

TEST_F(EvaluationTest, WhatPeopleHaveOfTheirGroupsModelIsKept) {
  TrialOutcome outcome = right_for_common(set_);
  outcome.oracle = OracleScores{outcome.validation, outcome.test};
  std::ranges::fill(outcome.oracle->test.margin, 1.0F);
  set_.user_group[0] = -1;
  const Evaluator evaluator(set_, {"accuracy", "calibration_error"});
  const auto arrays = evaluator.evaluate(outcome).users.arrays;
  EXPECT_EQ(arrays.size(), 4U) << "of the metric of people alone";
  const auto& own = std::get<std::vector<double>>(arrays.at("test/accuracy").values);
  const auto& teacher = std::get<std::vector<double>>(arrays.at("test/own_teacher_accuracy").values);
  EXPECT_TRUE(std::isnan(teacher[0])) << "who is of no group has none";
  for (std::size_t user = 1; user < own.size(); ++user) {
    EXPECT_EQ(std::isnan(teacher[user]), std::isnan(own[user])) << user;
    EXPECT_TRUE(std::isnan(own[user]) || teacher[user] == 1) << user;
  }
  EXPECT_EQ(std::get<std::vector<double>>(arrays.at("validation/own_teacher_accuracy").values).size(), 30U);
}

TEST_F(EvaluationTest, UnknownMetricsAreRefused) {
  try {
    const Evaluator evaluator(set_, {"accurracy"});
    FAIL();
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "there is no metric \"accurracy\"; did you mean \"accuracy\"?");
    EXPECT_EQ(error.code(), ExitCode::configuration);
  }
  EXPECT_THROW(Evaluator(set_, {}), UserError);
}

TEST_F(EvaluationTest, AnotherNumberOfScoresIsABug) {
  auto outcome = right_for_common(set_);
  outcome.test.margin.pop_back();
  EXPECT_THROW((void)Evaluator(set_, {"accuracy"}).evaluate(outcome), InternalError);
}

TEST(AllFinite, FindsEveryKindOfNoNumber) {
  SplitScores scores{{1, 2}, {-1, -2}};
  EXPECT_TRUE(all_finite(scores));
  scores.margin[1] = std::nanf("");
  EXPECT_FALSE(all_finite(scores));
  scores = {{1}, {-std::numeric_limits<float>::infinity()}};
  EXPECT_FALSE(all_finite(scores));
}

TEST(FewShotNotes, AreOverNewcomersWithTheLongestHistoryAlone) {
  TrainingSet set = make_training_set(small_data(), small_setup(), at::kCPU);
  // Nobody of these was trained on. The first two users of the test part told two comparisons, another told one.
  std::vector<std::int64_t> people;
  for (std::int64_t i = 0; i < set.test.count(); ++i) {
    const std::int64_t user = set.test.user[i].item<std::int64_t>();
    if (std::find(people.begin(), people.end(), user) == people.end())
      people.push_back(user);
  }
  ASSERT_GE(people.size(), 3U);
  for (std::int64_t user = 0; user < set.users; ++user)
    set.user_trained[static_cast<std::size_t>(user)] = false;
  const std::vector<std::int64_t> told = {people[0], people[0], people[1], people[1], people[2]};
  ASSERT_GE(set.train.count(), 5);
  set.history = set.train;
  set.history.source.resize(told.size());
  set.history.user = at::tensor(at::ArrayRef<std::int64_t>(told), at::kLong);
  const auto scores_of = [&](const ComparisonTensors& part) {
    SplitScores scores;
    for (std::int64_t i = 0; i < part.count(); ++i) {
      const bool first = part.user[i].item<std::int64_t>() == people[0];
      scores.margin.push_back(first ? 1.0F : -1.0F);
      scores.log_probability.push_back(first ? -0.5F : -1.5F);
    }
    return scores;
  };
  const FewShotScores step{2, scores_of(set.validation), scores_of(set.test)};
  const auto notes = Evaluator(set, {"accuracy", "log_loss", "calibration_error"}).few_shot_notes({step});
  EXPECT_EQ(notes.at("few-shot test accuracy 2"), 0.5);
  EXPECT_EQ(notes.at("few-shot test log_loss 2"), 1.0);
  EXPECT_EQ(notes.at("few-shot people test"), 2);
  EXPECT_NEAR(notes.at("few-shot error test accuracy 2"), 0.5, 1e-12);  // of 1 and 0: sqrt(1 / 2) / sqrt(2)
  EXPECT_EQ(notes.count("few-shot test calibration_error 2"), 0U) << "one person has none";
  EXPECT_TRUE(Evaluator(set, {"accuracy"}).few_shot_notes({}).empty());
}

}  // namespace
}  // namespace fairsweep
