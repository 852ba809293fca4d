#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/metric.hpp"
#include "tests/contract/metric_contract.hpp"

namespace fairsweep {
namespace {

using contract::MetricCase;
using contract::ScoredArrays;

const std::vector<MetricCase>& cases() {
  static const std::vector<MetricCase> all = {
      {.name = "accuracy", .lowest = 0, .highest = 1, .at_tie = 0.5},
      {.name = "log_loss", .lowest = 0, .at_tie = 0.6931471805599453},
      {.name = "calibration_error", .lowest = 0, .highest = 1, .at_tie = 0},
  };
  return all;
}

std::vector<MetricCase> cases_of_people() {
  std::vector<MetricCase> some;
  for (const auto& each : cases()) {
    if (find_metric(each.name)->of_people()) {
      some.push_back(each);
    }
  }
  return some;
}

TEST(MetricCatalogue, EveryMetricJoinsTheContract) {
  std::set<std::string> in_contract, in_catalogue;
  for (const auto& each : cases()) {
    in_contract.insert(each.name);
  }
  for (const auto& metric : metric_catalogue()) {
    EXPECT_TRUE(in_catalogue.insert(std::string(metric->name())).second) << metric->name() << " is there twice";
  }
  EXPECT_EQ(in_contract, in_catalogue);
}

TEST(MetricCatalogue, FindsByName) {
  ASSERT_NE(find_metric("accuracy"), nullptr);
  EXPECT_EQ(find_metric("accuracy")->unit(), "share");
  EXPECT_EQ(find_metric("accuracy")->direction(), Direction::maximise);
  EXPECT_EQ(find_metric("log_loss")->unit(), "nats");
  EXPECT_EQ(find_metric("log_loss")->direction(), Direction::minimise);
  EXPECT_EQ(find_metric("Accuracy"), nullptr);
  EXPECT_EQ(find_metric(""), nullptr);
}

// Three users by hand: user 0 has weights 1, 3; user 1 nothing; user 2 one tie and one right answer.
ScoredArrays by_hand() {
  ScoredArrays scores;
  scores.add(0.5F, -0.25F, 1.0F, 0);
  scores.add(-2.0F, -2.5F, 3.0F, 0);
  scores.add(0.0F, -0.75F, 1.0F, 2);
  scores.add(1e-30F, -0.5F, 1.0F, 2);
  return scores;
}

TEST(Accuracy, ExactValues) {
  const auto& metric = *find_metric("accuracy");
  const auto scores = by_hand();
  const auto values = metric.per_user(scores.view(), 3);
  EXPECT_EQ(values[0], 0.25);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 0.75);
  const auto over = metric.over_users(values);
  EXPECT_EQ(over.value, 0.5);
  EXPECT_EQ(over.users, 2U);
  // Deviations -1/4 and 1/4: variance 1/8, standard error sqrt(1/16).
  EXPECT_DOUBLE_EQ(over.standard_error, 0.25);
}

TEST(Accuracy, NoAnswerIsNotAWrongAnswer) {
  ScoredArrays scores;
  scores.add(std::nanf(""), -1.0F, 1.0F, 0);
  EXPECT_TRUE(std::isnan(find_metric("accuracy")->per_user(scores.view(), 1)[0]));
}

TEST(LogLoss, ExactValues) {
  const auto& metric = *find_metric("log_loss");
  const auto scores = by_hand();
  const auto values = metric.per_user(scores.view(), 3);
  EXPECT_EQ(values[0], (0.25 + 3 * 2.5) / 4);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 0.625);
}

TEST(LogLoss, CertaintyCostsNothing) {
  ScoredArrays scores;
  scores.add(100.0F, 0.0F, 1.0F, 0);
  const double value = find_metric("log_loss")->per_user(scores.view(), 1)[0];
  EXPECT_EQ(value, 0);
  EXPECT_FALSE(std::signbit(value));
}

TEST(OverUsers, ExactMeanAndStandardError) {
  const auto& metric = *find_metric("log_loss");
  const std::vector<double> values = {1, 2, 3, 4, std::nan("")};
  const auto over = metric.over_users(values);
  EXPECT_EQ(over.value, 2.5);
  EXPECT_EQ(over.users, 4U);
  EXPECT_DOUBLE_EQ(over.standard_error, std::sqrt(5.0 / 3.0 / 4.0));
}

TEST(PerUser, BrokenInputIsABug) {
  const auto& metric = *find_metric("accuracy");
  auto scores = by_hand();
  EXPECT_THROW((void)metric.per_user(scores.view(), 2), InternalError);  // user 2 of 2
  scores.user[0] = -1;
  EXPECT_THROW((void)metric.per_user(scores.view(), 3), InternalError);
  scores = by_hand();
  scores.weight[0] = 0;
  EXPECT_THROW((void)metric.per_user(scores.view(), 3), InternalError);
  scores = by_hand();
  scores.margin.pop_back();
  EXPECT_THROW((void)metric.per_user(scores.view(), 3), InternalError);
}

// The slow twin: one user at a time, in long double.
TEST(PerUser, AgreesWithTheSlowTwin) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto scores = contract::random_scores(random, 400, 13);
  for (const bool of_accuracy : {true, false}) {
    const auto fast = find_metric(of_accuracy ? "accuracy" : "log_loss")->per_user(scores.view(), 13);
    for (std::int32_t user = 0; user < 13; ++user) {
      long double sum = 0, total = 0;
      for (std::size_t i = 0; i < scores.size(); ++i) {
        if (scores.user[i] == user) {
          const float m = scores.margin[i];
          const long double right = m > 0 ? 1.0L : (m == 0 ? 0.5L : 0.0L);
          const long double value = of_accuracy ? right : -1.0L * scores.log_probability[i];
          sum += value * scores.weight[i];
          total += scores.weight[i];
        }
      }
      const auto at = static_cast<std::size_t>(user);
      if (total == 0) {
        EXPECT_TRUE(std::isnan(fast[at]));
      } else {
        EXPECT_NEAR(fast[at], static_cast<double>(sum / total), 1e-9 * std::max(1.0, std::abs(fast[at])));
      }
    }
  }
}

}  // namespace

namespace contract {
INSTANTIATE_TEST_SUITE_P(Catalogue, MetricContract, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(OfPeople, UserMetricContract, testing::ValuesIn(cases_of_people()),
                         [](const auto& each) { return each.param.name; });
}  // namespace contract
}  // namespace fairsweep
