// A user's history must not hold the answer that a model is being trained to give.
#include "workers/trainer/user_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "tests/workers/trainer_session/small_data.hpp"
#include "workers/data/splits/split.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {
namespace {

using testing_data::k_features;
using testing_data::small_data;
using testing_data::small_setup;

/// Small data in which every user answers some of the questions twice or three times, now so, now so.
PreferenceData data_with_repeats() {
  PreferenceData data = small_data();
  const auto rows = static_cast<std::int64_t>(data.comparison_user.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t again = 0; again < row % 8 - 5; ++again) {
      const auto at = static_cast<std::size_t>(row);
      std::vector<std::int64_t> candidates(data.comparison_candidate.begin() + data.comparison_offset[at],
                                           data.comparison_candidate.begin() + data.comparison_offset[at + 1]);
      std::rotate(candidates.begin(), candidates.begin() + 1 + again % 2, candidates.end());
      data.comparison_candidate.insert(data.comparison_candidate.end(), candidates.begin(), candidates.end());
      data.comparison_offset.push_back(static_cast<std::int64_t>(data.comparison_candidate.size()));
      data.comparison_user.push_back(data.comparison_user[at]);
      data.comparison_context.push_back(data.comparison_context[at]);
      data.comparison_ranked.push_back(1);
      data.comparison_weight.push_back(0.5F + static_cast<float>(again));
      data.comparison_repeat.push_back(static_cast<std::int32_t>(row));
      data.comparison_repeat[at] = static_cast<std::int32_t>(row);
    }
  }
  return data;
}

/// The history of the user of comparison `left_out`, made anew from everything else they are known by.
std::vector<double> slow_history(const PreferenceData& data, const std::vector<Split>& parts,
                                 const at::Tensor& features, std::size_t left_out) {
  std::vector<double> sum(k_features, 0);
  double total = 0;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    const bool repeat = row == left_out || (data.comparison_repeat[row] >= 0 &&
                                            data.comparison_repeat[row] == data.comparison_repeat[left_out]);
    const bool known = parts[row] == Split::train || parts[row] == Split::history;
    if (repeat || !known || data.comparison_user[row] != data.comparison_user[left_out]) {
      continue;
    }
    const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
    const auto end = static_cast<std::size_t>(data.comparison_offset[row + 1]);
    const double weight = data.comparison_weight[row];
    for (std::size_t column = 0; column < sum.size(); ++column) {
      const auto value = [&](std::size_t at) {
        return features[data.comparison_candidate[at]][static_cast<std::int64_t>(column)].item<double>();
      };
      double others = 0;
      for (auto at = begin + 1; at < end; ++at) {
        others += value(at);
      }
      sum[column] += weight * (value(begin) - others / static_cast<double>(end - begin - 1));
    }
    total += weight;
  }
  for (double& value : sum) {
    value = total > 0 ? value / total : 0;
  }
  return sum;
}

/// The history that training comparison i is trained with.
at::Tensor training_history(const TrainingSet& set, std::int64_t i) {
  const auto features = set.features.index_select(0, set.train.candidates[i]);
  const auto own = (set.train.history_share[i].unsqueeze(1) * features).sum(0);
  return (set.user_history_sum[set.train.user[i].item<std::int64_t>()] - own) * set.train.history_rest[i];
}

TEST(UserHistory, OfATrainingComparisonLeavesItAndItsRepeatsOut) {
  const auto data = data_with_repeats();
  ASSERT_TRUE(problems_of(data).empty());
  for (const std::string by : {"user", "context", "comparison"}) {
    auto setup = small_setup();
    setup.split.by = by;
    setup.split.history = by == "user" ? 3 : 0;
    const auto set = make_training_set(data, setup, at::kCPU);
    const auto parts = deal_comparisons(
        data, {by, setup.split.train, setup.split.validation, setup.split.test, setup.split.history, setup.seed},
        data.user_attributes.at("taste").codes);
    bool with_repeats = false;
    for (std::int64_t i = 0; i < set.train.count(); ++i) {
      const auto row = static_cast<std::size_t>(set.train.source[static_cast<std::size_t>(i)]);
      with_repeats = with_repeats || data.comparison_repeat[row] >= 0;
      const auto expected = slow_history(data, parts, set.features, row);
      const auto found = training_history(set, i);
      for (std::int64_t column = 0; column < k_features; ++column) {
        EXPECT_NEAR(found[column].item<double>(), expected[static_cast<std::size_t>(column)], 2e-5)
            << by << ", comparison " << row;
      }
    }
    EXPECT_TRUE(with_repeats) << by;
    EXPECT_FALSE(set.validation.history_share.defined());
    EXPECT_FALSE(set.test.history_share.defined());
  }
}

TEST(UserHistory, IsExactlyZeroWhereNothingElseIsKnown) {
  auto data = small_data();
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    data.comparison_weight[row] = 0.1F + 0.37F * static_cast<float>(row % 7);
  }
  auto setup = small_setup();
  setup.split.by = "comparison";  // with one comparison in eight for training, many users have just one
  setup.split.train = 0.125;
  setup.split.validation = 0.5;
  setup.split.test = 0.375;
  const auto set = make_training_set(data, setup, at::kCPU);
  std::vector<int> count(static_cast<std::size_t>(set.users), 0);
  for (std::int64_t i = 0; i < set.train.count(); ++i) {
    ++count[static_cast<std::size_t>(set.train.user[i].item<std::int64_t>())];
  }
  int alone = 0;
  for (std::int64_t i = 0; i < set.train.count(); ++i) {
    const auto user = set.train.user[i].item<std::int64_t>();
    const bool single = count[static_cast<std::size_t>(user)] == 1;
    alone += single ? 1 : 0;
    EXPECT_EQ(training_history(set, i).abs().max().item<float>() == 0, single);
    EXPECT_GT(set.user_history[user].abs().max().item<float>(), 0) << "validation may know it";
  }
  EXPECT_GT(alone, 3);
}

/// Pairs whose answers are coin tosses; `each` for every user.
PreferenceData noise_data(std::int64_t users, std::int64_t each) {
  std::mt19937 random(20);
  std::normal_distribution<float> normal;
  PreferenceData data;
  data.feature_count = k_features;
  data.feature_names = {"a", "b", "c"};
  data.context_offset = {0};
  data.comparison_offset = {0};
  auto& attribute = data.user_attributes["taste"];
  attribute.labels = {"common", "rare"};
  for (std::int64_t user = 0; user < users; ++user) {
    data.user_names.push_back("user " + std::to_string(user));
    attribute.codes.push_back(static_cast<std::int32_t>(user % 2));
    for (std::int64_t turn = 0; turn < each; ++turn) {
      for (std::int64_t value = 0; value < 2 * k_features; ++value) {
        data.features.push_back(normal(random));
      }
      data.comparison_candidate.push_back(data.candidate_count);
      data.comparison_candidate.push_back(data.candidate_count + 1);
      data.candidate_count += 2;
      data.comparison_context.push_back(static_cast<std::int32_t>(data.comparison_user.size()));
      data.context_offset.push_back(data.candidate_count);
      data.comparison_offset.push_back(data.candidate_count);
      data.comparison_user.push_back(static_cast<std::int32_t>(user));
      data.comparison_ranked.push_back(1);
      data.comparison_weight.push_back(1);
      data.comparison_repeat.push_back(-1);
    }
  }
  return data;
}

/// Share of the training comparisons that a linear model of histories gets right, scored as it was trained.
double training_accuracy(TrainingSet set) {
  set.validation = set.train;
  TrialOrder order;
  order.settings = {{"model.head", std::string("linear")},
                    {"model.width", std::int64_t{8}},
                    {"model.depth", std::int64_t{1}},
                    {"model.user", std::string("history")},
                    {"model.embedding_size", std::int64_t{4}},
                    {"method.name", std::string("pooled")},
                    {"training.epochs", std::int64_t{8}},
                    {"training.batch", std::int64_t{128}},
                    {"training.learning_rate", 0.05},
                    {"training.weight_decay", 0.0},
                    {"training.schedule", std::string("constant")},
                    {"training.warmup", 0.0},
                    {"training.clip_norm", 0.0},
                    {"training.early_stopping.patience", std::int64_t{0}},
                    {"training.early_stopping.watch", std::string("users")}};
  PackTrainingOptions options;
  options.seed = 3;
  double right = 0;
  options.on_outcome = [&right](TrialOutcome&& outcome) {
    ASSERT_FALSE(outcome.failed) << outcome.failure.message;
    right = static_cast<double>(std::count_if(outcome.validation.margin.begin(), outcome.validation.margin.end(),
                                              [](float margin) { return margin > 0; }));
  };
  train_pack({order}, set, options);
  return right / static_cast<double>(set.train.count());
}

TEST(UserHistory, NobodysCoinTossesAreLearnedFromIt) {
  auto setup = small_setup();
  setup.split.by = "comparison";
  const auto set = make_training_set(noise_data(800, 5), setup, at::kCPU);
  ASSERT_EQ(set.train.count(), 2400);
  // Chance with a standard error of 0.01, and 12 parameters that fit 2400 tosses: about 0.03 above it.
  EXPECT_LT(training_accuracy(set), 0.56);
  // The same with the answer in the history: what this test is there to find.
  auto leaking = set;
  leaking.train.history_share = at::Tensor();
  leaking.train.history_rest = at::Tensor();
  EXPECT_GT(training_accuracy(leaking), 0.7);
}

}  // namespace
}  // namespace fairsweep
