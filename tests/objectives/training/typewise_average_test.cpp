#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/answer_probability.hpp"
#include "objectives/training/typewise_average.hpp"
#include "tests/objectives/training/loss_tests.hpp"

namespace fairsweep {
namespace {

using testing::doubles;
using testing::expect_gradient;
using testing::k_double;
using testing::random_numbers;

TEST(TypewiseAverage, IsTheSumOfTheGroupsOwnMeans) {
  PackBatch batch;
  batch.loss = random_numbers({2, 3, 32}, 15, 0.1, 2);
  batch.weight = random_numbers({2, 32}, 16, 0.5, 2);
  batch.weight.narrow(1, 30, 2).zero_();
  batch.group = at::arange(64, at::kLong).remainder(3).view({2, 32}) - 1;  // none, 0, 1; group 2 is absent
  const at::Tensor loss = typewise_loss(batch);
  for (std::int64_t k = 0; k < 2; ++k) {
    double expected = 0;
    for (std::int64_t g = 0; g < 2; ++g) {
      double sum = 0;
      double all = 0;
      for (std::int64_t b = 0; b < 30; ++b) {
        if (batch.group[k][b].item<std::int64_t>() != g)
          continue;
        sum += (batch.weight[k][b] * batch.loss[k][g][b]).item<double>();
        all += batch.weight[k][b].item<double>();
      }
      expected += sum / all;
    }
    EXPECT_NEAR(loss[k].item<double>(), expected, 1e-13);
  }
  expect_gradient(
      [&](const at::Tensor& point) {
        PackBatch other = batch;
        other.loss = point;
        return typewise_loss(other);
      },
      batch.loss, 1e-6);
}

TEST(TypewiseAverage, AveragesByPeopleOrByGroupsAndWatchesEachGroupsOwnModel) {
  const TrainingObjective& method = *find_objective("typewise_average");
  TrainingFacts facts;
  facts.groups = {"large", "small"};
  facts.group_users = {30, 10};
  facts.group_weight = {300, 100};
  const std::vector<Settings> settings = {{{"method.typewise_average.weights", std::string("people")}},
                                          {{"method.typewise_average.weights", std::string("groups")}}};
  const ObjectiveState state = method.initial_state(settings, facts, {}, k_double);
  const at::Tensor weight = method.member_weights(2, 2, {{"share", state.at("share")}}, k_double);
  EXPECT_TRUE(weight.equal(doubles({0.75, 0.25, 0.5, 0.5}).view({2, 2})));
  ComparisonFacts validation;
  validation.group = at::tensor({1, -1, 0}, at::kLong);
  const at::Tensor loss = doubles({1, 2, 3, 4, 6, 8}).view({1, 2, 3});
  EXPECT_TRUE(method.watched_loss(loss, validation, state).equal(doubles({4, 4, 3}).view({1, 3})));
  EXPECT_EQ(method.stages(settings[0], facts).back().members, 2);
  facts.group_weight = {300, 0};
  EXPECT_THROW((void)method.stages(settings[0], facts), UserError);
  EXPECT_THROW((void)method.stages(settings[0], TrainingFacts()), UserError);
}

TEST(AnswerProbability, IsPlackettLuceOverWhatIsRanked) {
  ComparisonFacts facts;
  facts.present = at::tensor({1, 1, 1, 1, 1, 0}, at::kLong).view({2, 3}).to(at::kBool);
  facts.ranked = at::tensor({2, 1}, at::kLong);
  const at::Tensor scores = doubles({0.5, -0.2, 1.0, 0.3, 0.9, 77}).view({2, 3});
  const at::Tensor got = log_probability_of_answers(scores, facts);
  const double e0 = std::exp(0.5);
  const double e1 = std::exp(-0.2);
  const double e2 = std::exp(1.0);
  EXPECT_NEAR(got[0].item<double>(), std::log(e0 / (e0 + e1 + e2) * e1 / (e1 + e2)), 1e-14);
  EXPECT_NEAR(got[1].item<double>(), std::log(1 / (1 + std::exp(0.6))), 1e-14);
  EXPECT_TRUE(log_probability_of_answers(scores.expand({4, 2, 3}), facts)[3].equal(got));
}

}  // namespace
}  // namespace fairsweep
