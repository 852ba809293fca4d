#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "tests/workers/trainer_session/small_data.hpp"
#include "workers/trainer/evaluation.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {
namespace {

using testing_data::k_comparisons_each;
using testing_data::small_data;
using testing_data::small_setup;

/// Every fourth answer is a tie, and the first user has nothing else.
PreferenceData tied_data() {
  PreferenceData data = small_data();
  for (std::size_t row = 0; row < data.comparison_ranked.size(); ++row) {
    if (row % 4 == 1 || row < static_cast<std::size_t>(k_comparisons_each))
      data.comparison_ranked[row] = 0;
  }
  return data;
}

TrainerSetup setup_with(const std::string& ties) {
  TrainerSetup setup = small_setup();
  setup.split.by = "comparison";
  setup.labels.ties = ties;
  return setup;
}

std::int64_t ties_in(const ComparisonTensors& part) { return part.ranked.eq(0).sum().item<std::int64_t>(); }

TEST(Ties, AreLeftOutUnlessTheyAreKept) {
  const TrainingSet dropped = make_training_set(tied_data(), setup_with("drop"), at::kCPU);
  const TrainingSet kept = make_training_set(tied_data(), setup_with("keep"), at::kCPU);
  for (const auto part : {&TrainingSet::train, &TrainingSet::validation, &TrainingSet::test}) {
    EXPECT_EQ(ties_in(dropped.*part), 0);
    EXPECT_GT(ties_in(kept.*part), 0);
    EXPECT_EQ((kept.*part).count() - ties_in(kept.*part), (dropped.*part).count());
  }
  EXPECT_FALSE(dropped.user_trained[0]);
  EXPECT_TRUE(kept.user_trained[0]) << "somebody who only ties is trained on";
}

TEST(Ties, AreInNobodysHistory) {
  const TrainingSet dropped = make_training_set(tied_data(), setup_with("drop"), at::kCPU);
  const TrainingSet kept = make_training_set(tied_data(), setup_with("keep"), at::kCPU);
  EXPECT_EQ(kept.user_history[0].abs().sum().item<float>(), 0);
  for (std::int64_t i = 0; i < kept.train.count(); ++i) {
    if (kept.train.ranked[i].item<std::int64_t>() > 0)
      continue;
    EXPECT_EQ(kept.train.history_share[i].abs().sum().item<float>(), 0) << "there is nothing to leave out";
    const bool knows_some = kept.train.user[i].item<std::int64_t>() != 0;
    EXPECT_EQ(kept.train.history_rest[i].item<float>() > 0, knows_some);
  }
  EXPECT_EQ(dropped.user_history.sizes(), kept.user_history.sizes());
}

TEST(Ties, AreOneMoreAnswerThatMayBeMistaken) {
  PreferenceData data = tied_data();
  // Every user is asked the first of his comparisons that is no tie again.
  for (std::size_t row = 16; row + 2 < data.comparison_ranked.size(); row += 8) {
    data.comparison_repeat[row] = static_cast<std::int32_t>(row);
    data.comparison_repeat[row + 2] = static_cast<std::int32_t>(row);
    const auto from = static_cast<std::size_t>(data.comparison_offset[row]);
    const auto to = static_cast<std::size_t>(data.comparison_offset[row + 2]);
    data.comparison_candidate[to] = data.comparison_candidate[from + 1];
    data.comparison_candidate[to + 1] = data.comparison_candidate[from];
    data.comparison_context[row + 2] = data.comparison_context[row];
  }
  TrainerSetup setup = setup_with("keep");
  setup.labels.policy = "noise_aware";
  const TrainingSet set = make_training_set(data, setup, at::kCPU);
  ASSERT_TRUE(set.train.noise_keep.defined());
  for (std::int64_t i = 0; i < set.train.count(); ++i) {
    const double keep = std::exp(set.train.noise_keep[i].item<double>());  // 1 - 2 e
    const double answers = set.train.present[i].sum().item<double>() + 1;
    EXPECT_NEAR(std::exp(set.train.noise_floor[i].item<double>()), (1 - keep) / answers, 1e-5);
  }
}

/// Right by the same margin everywhere; a tie has a probability of 1/4.
SplitScores said_of(const ComparisonTensors& part) {
  SplitScores scores;
  for (std::int64_t i = 0; i < part.count(); ++i) {
    const bool tied = part.ranked[i].item<std::int64_t>() == 0;
    scores.margin.push_back(tied ? -3.0F : 1.5F);
    scores.log_probability.push_back(tied ? std::log(0.25F) : -0.6F);
  }
  return scores;
}

TEST(Ties, CountInLogLossAndNotInAccuracy) {
  const TrainingSet set = make_training_set(tied_data(), setup_with("keep"), at::kCPU);
  TrialOutcome outcome;
  outcome.validation = said_of(set.validation);
  outcome.test = said_of(set.test);
  const Evaluation evaluation = Evaluator(set, {"accuracy", "log_loss"}).evaluate(outcome);
  std::set<std::string> seen;
  for (const MetricValue& value : evaluation.metrics) {
    const ComparisonTensors& part = value.split == Split::validation ? set.validation : set.test;
    if (!value.group.empty())
      continue;
    seen.insert(value.metric);
    if (value.metric == "accuracy") {
      EXPECT_EQ(value.value, 1) << "the margins of ties say nothing";
      EXPECT_EQ(value.comparisons, static_cast<std::uint64_t>(part.count() - ties_in(part)));
    } else {
      EXPECT_EQ(value.comparisons, static_cast<std::uint64_t>(part.count()));
      EXPECT_GT(value.value, 0.6);
      EXPECT_LT(value.value, -std::log(0.25));
    }
  }
  EXPECT_EQ(seen.size(), 2U);
  const auto& rows = std::get<std::vector<std::int64_t>>(evaluation.margins.arrays.at("test/comparison").values);
  EXPECT_EQ(static_cast<std::int64_t>(rows.size()), set.test.count() - ties_in(set.test));
  const auto& kept = std::get<std::vector<float>>(evaluation.margins.arrays.at("test/log_probability").values);
  for (const float one : kept)
    EXPECT_NEAR(one, -std::log1p(std::exp(-1.5)), 1e-6) << "given that it is no tie";
}

}  // namespace
}  // namespace fairsweep
