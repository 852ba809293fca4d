#include "objectives/training/dvao_listwise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "objectives/training/combine_rule.hpp"
#include "objectives/training/context_columns.hpp"
#include "objectives/training/teacher_scales.hpp"
#include "objectives/training/teacher_stages.hpp"

namespace fairsweep {
namespace {

at::Tensor random_tensor(std::mt19937& random, at::IntArrayRef shape) {
  std::normal_distribution<double> normal(0, 1);
  at::Tensor values = at::empty(shape, at::kDouble);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    values.data_ptr<double>()[i] = normal(random);
  return values;
}

at::Tensor column(const std::vector<double>& values) {
  return at::tensor(at::ArrayRef<double>(values), at::kDouble).view({1, -1, 1});
}

at::Tensor one(double value) { return at::full({1}, value, at::kDouble); }

/// Of one comparison.
double value(const std::vector<double>& scores, const std::vector<double>& advantage, double temperature = 1) {
  return negative_expected_advantage(column(scores), column(advantage), one(temperature), {}).item<double>();
}

TEST(DvaoListwise, ByHand) {
  const double c = std::log(2.0);
  EXPECT_NEAR(value({c, 0, 0}, {1, -1, 0}), -0.25, 1e-15) << "policy 1/2, 1/4, 1/4";
  EXPECT_NEAR(value({2 * c, 0, 0}, {1, -1, 0}, 2), -0.25, 1e-15) << "the temperature divides the scores";
  // The advantages of the first test vector of DVAO's formula, under a policy of 0.4, 0.3, 0.2, 0.1.
  const std::vector<double> scores = {std::log(0.4), std::log(0.3), std::log(0.2), std::log(0.1)};
  EXPECT_NEAR(value(scores, {-.267949, .803848, -.267949, -.267949}), 0.7 * .267949 - 0.3 * .803848, 1e-15);
  EXPECT_NEAR(value({1, 1, 1, 1}, {-.267949, .803848, -.267949, -.267949}), 0, 1e-6) << "advantages sum to zero";
}

TEST(DvaoListwise, TheGradientIsMinusPolicyTimesAdvantageOverItsMean) {
  std::mt19937 random(41);
  const at::Tensor temperature = at::tensor({0.7, 1.9}, at::kDouble);
  at::Tensor scores = random_tensor(random, {2, 5, 8}).requires_grad_(true);
  const at::Tensor advantage = random_tensor(random, {2, 5, 8});
  negative_expected_advantage(scores, advantage, temperature, {}).sum().backward();
  const at::Tensor policy = (scores.detach() / temperature.view({-1, 1, 1})).softmax(1);
  const at::Tensor mean = (policy * advantage).sum(1, true);
  EXPECT_TRUE(at::allclose(scores.grad(), -policy * (advantage - mean) / temperature.view({-1, 1, 1}), 1e-12, 1e-14));
  for (std::int64_t i = 0; i < scores.numel(); i += 5) {
    constexpr double k_step = 1e-5;
    const auto total = [&](double shift) {
      at::Tensor moved = scores.detach().clone();
      moved.view({-1})[i] += shift;
      return negative_expected_advantage(moved, advantage, temperature, {}).sum().item<double>();
    };
    EXPECT_NEAR(scores.grad().view({-1})[i].item<double>(), (total(k_step) - total(-k_step)) / (2 * k_step), 1e-9);
  }
}

TEST(DvaoListwise, AConstantOnTheAdvantagesChangesNoGradient) {
  std::mt19937 random(42);
  const at::Tensor start = random_tensor(random, {1, 4, 6});
  const at::Tensor advantage = random_tensor(random, {1, 4, 6});
  const auto gradient = [&](const at::Tensor& of) {
    at::Tensor scores = start.clone().requires_grad_(true);
    negative_expected_advantage(scores, of, one(1.3), {}).sum().backward();
    return scores.grad();
  };
  EXPECT_TRUE(at::allclose(gradient(advantage), gradient(advantage + 3), 1e-12, 1e-14));
  EXPECT_TRUE(at::allclose(negative_expected_advantage(start + 7, advantage, one(1.3), {}),
                           negative_expected_advantage(start, advantage, one(1.3), {}), 1e-12, 1e-14));
}

TEST(DvaoListwise, OfTwoCandidatesItCountsHowSurelyTheTeachersAnswerIsGiven) {
  // With one teacher a deviation over two candidates leaves advantages of +1 and -1, so the loss is 1 - 2 sigmoid of
  // the teacher's margin as the student sees it: a smooth count of wrong answers between -1 and 1, without the margin's
  // size.
  for (const double teacher : {0.3, 0.9}) {
    const at::Tensor rewards = at::tensor({0.2, 0.2 + teacher * 0.8}, at::kDouble).view({1, 2, 1});
    const at::Tensor advantage =
        combined_advantages(CombineRule::dvao, rewards, at::ones({1, 2}, at::kBool), at::ones({1, 1}, at::kDouble));
    for (const double margin : {-2.0, 0.0, 0.4, 5.0}) {
      const double expected = 1 - 2 / (1 + std::exp(-margin / 1.5));
      EXPECT_NEAR(
          negative_expected_advantage(column({0, margin}), advantage.view({1, 2, 1}), one(1.5), {}).item<double>(),
          expected, 1e-12);
      EXPECT_NEAR(expected, -std::tanh(margin / 3), 1e-12);
    }
  }
}

TEST(DvaoListwise, AbsentCandidatesTakeNoPart) {
  at::Tensor absent = at::zeros({1, 3, 1}, at::kBool);
  absent[0][2][0] = true;
  at::Tensor scores = column({1, 0.5, 100}).requires_grad_(true);
  const at::Tensor loss = negative_expected_advantage(scores, column({1, -1, 0}), one(1), absent);
  EXPECT_NEAR(loss.item<double>(), value({1, 0.5}, {1, -1}), 1e-15);
  loss.sum().backward();
  EXPECT_EQ(scores.grad()[0][2][0].item<double>(), 0);
  EXPECT_TRUE(scores.grad().isfinite().all().item<bool>());
}

TEST(ContextColumns, ByHand) {
  // A context of four of which places 2 and 0 were compared, and one of two that were both.
  const at::Tensor place = at::tensor({2, 0, 0, 1, 0, 0}, at::kLong).view({2, 3});
  const at::Tensor present = at::tensor({1, 1, 0, 1, 1, 0}, at::kLong).view({2, 3}).to(at::kBool);
  const ContextColumns columns = context_columns(present, place, at::tensor({4, 2}, at::kLong));
  EXPECT_TRUE(columns.place.equal(at::tensor({2, 0, 0, 1, 3, 1, 0, 0, 0, 0}, at::kLong).view({2, 5})));
  EXPECT_TRUE(columns.real.to(at::kLong).equal(at::tensor({1, 1, 0, 1, 1, 1, 1, 0, 0, 0}, at::kLong).view({2, 5})));
}

TEST(ContextColumns, HoldEveryCandidateOfTheContextOnce) {
  std::mt19937 random(43);
  constexpr std::int64_t k_count = 50;
  at::Tensor place = at::zeros({k_count, 3}, at::kLong);
  at::Tensor present = at::zeros({k_count, 3}, at::kBool);
  at::Tensor size = at::zeros({k_count}, at::kLong);
  for (std::int64_t i = 0; i < k_count; ++i) {
    const auto candidates = static_cast<std::int64_t>(2 + random() % 6);
    std::vector<std::int64_t> order;
    for (std::int64_t j = 0; j < candidates; ++j)
      order.push_back(j);
    std::shuffle(order.begin(), order.end(), random);
    size[i] = candidates;
    for (std::int64_t j = 0; j < std::min<std::int64_t>(candidates, 2 + i % 2); ++j) {
      place[i][j] = order[static_cast<std::size_t>(j)];
      present[i][j] = true;
    }
  }
  const ContextColumns columns = context_columns(present, place, size);
  EXPECT_TRUE(columns.place.narrow(1, 0, 3).equal(place));
  EXPECT_TRUE(columns.real.narrow(1, 0, 3).equal(present));
  for (std::int64_t i = 0; i < k_count; ++i) {
    const at::Tensor held = std::get<0>(at::sort(columns.place[i].masked_select(columns.real[i])));
    EXPECT_TRUE(held.equal(at::arange(size[i].item<std::int64_t>(), at::kLong))) << "seed 43, row " << i;
  }
}

/// Twelve comparisons of three users in contexts of three or four candidates; users 0 and 1 are the large group.
TrainingFacts people() {
  constexpr std::int64_t k_count = 12;
  TrainingFacts facts;
  facts.comparisons = k_count;
  facts.users = 3;
  facts.groups = {"large", "small"};
  facts.group_users = {2, 1};
  ComparisonFacts& training = facts.training;
  training.user = at::arange(k_count, at::kLong).remainder(3);
  training.group = training.user.eq(2).to(at::kLong);
  training.weight = at::ones({k_count}, at::kDouble);
  training.present = at::ones({k_count, 2}, at::kBool);
  training.context_place = at::tensor({2, 0}, at::kLong).unsqueeze(0).expand({k_count, -1}).contiguous();
  training.context_size = 3 + at::arange(k_count, at::kLong).remainder(2);
  facts.validation = training;
  return facts;
}

TEST(DvaoListwise, IsTheSlowTwinOverTheWholeTrainingSet) {
  std::mt19937 random(44);
  const TrainingFacts facts = people();
  const std::int64_t count = facts.comparisons;
  StageScores earlier;
  for (const std::string& group : facts.groups) {
    const at::Tensor contexts = random_tensor(random, {1, count, 4});
    const at::Tensor compared = contexts.gather(2, facts.training.context_place.unsqueeze(0));
    earlier[teacher_stage(group)] = {compared, compared, contexts, contexts, {}};
  }
  const Settings settings = {{"method.pafo.distillation", 0.6},
                             {"method.pafo.minority_share", 0.3},
                             {"method.dvao_listwise.rule", std::string("dvao")},
                             {"method.dvao_listwise.membership", std::string("shared")},
                             {"method.dvao_listwise.minority_weight", 0.4},
                             {"method.dvao_listwise.temperature", 1.7}};
  const TrainingObjective& method = *find_objective("dvao_listwise");
  const ObjectiveConstants constants = method.constants({settings}, facts, earlier, at::TensorOptions(at::kDouble));

  const at::Tensor by_place = random_tensor(random, {count, 4});  // the student's scores of each context
  const ContextColumns columns =
      context_columns(facts.training.present, facts.training.context_place, facts.training.context_size);
  PackBatch batch;
  batch.index = at::constant_pad_nd(at::arange(count, at::kLong), {0, 32 - count}).unsqueeze(0);
  const at::Tensor rows = batch.index[0];
  batch.weight = at::constant_pad_nd(facts.training.weight, {0, 32 - count}).unsqueeze(0);
  batch.scores = by_place.gather(1, columns.place).index_select(0, rows).unsqueeze(0);
  batch.margin = batch.scores.select(2, 0) - batch.scores.select(2, 1);
  batch.loss = at::softplus(batch.margin.neg());
  ObjectiveState state;
  const double loss = method.loss(batch, constants, state).item<double>();

  const std::vector<double> scale = teacher_scales(facts, said_by_teachers(earlier, facts, 0), true);
  const std::vector<double> weight = {0.6, 0.4};
  double labels = 0;
  std::vector<double> of_user(3, 0);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto size = facts.training.context_size[i].item<std::int64_t>();
    std::vector<double> sum(4, 0);
    double spread = 0;
    for (std::size_t g = 0; g < 2; ++g) {
      const at::Tensor said = earlier.at(teacher_stage(facts.groups[g])).training_contexts[0][i];
      double mean = 0;
      for (std::int64_t j = 0; j < size; ++j)
        mean += said[j].item<double>() * scale[g] / static_cast<double>(size);
      std::vector<double> reward;
      double mean_reward = 0;
      for (std::int64_t j = 0; j < size; ++j) {
        reward.push_back(1 / (1 + std::exp(mean - said[j].item<double>() * scale[g])));
        mean_reward += reward.back() / static_cast<double>(size);
      }
      double square = 0;
      for (std::size_t j = 0; j < reward.size(); ++j) {
        sum[j] += weight[g] * (reward[j] - mean_reward);
        square += std::pow(reward[j] - mean_reward, 2) / static_cast<double>(size);
      }
      spread += weight[g] * std::sqrt(square);
    }
    double partition = 0;
    double expected = 0;
    for (std::int64_t j = 0; j < size; ++j) {
      const double share = std::exp(by_place[i][j].item<double>() / 1.7);
      partition += share;
      expected += share * sum[static_cast<std::size_t>(j)] / spread;
    }
    of_user[static_cast<std::size_t>(i % 3)] -= expected / partition / 4;
    labels += std::log1p(std::exp((by_place[i][0] - by_place[i][2]).item<double>())) / static_cast<double>(count);
  }
  EXPECT_NEAR(loss, 0.4 * labels + 0.6 * (0.7 * (of_user[0] + of_user[1]) / 2 + 0.3 * of_user[2]), 1e-12);
}

}  // namespace
}  // namespace fairsweep
