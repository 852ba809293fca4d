#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/calibration/reliability.hpp"
#include "objectives/metrics/metric.hpp"
#include "tests/contract/scored_arrays.hpp"

namespace fairsweep::fairness {
namespace {

TEST(Confidence, OfPairsAndChoices) {
  // A pair, margin +-log 3: 3/4 for the first, either way.
  EXPECT_NEAR(confidence_of(std::log(3.0), std::log(0.75)), 0.75, 1e-15);
  EXPECT_NEAR(confidence_of(-std::log(3.0), std::log(0.25)), 0.75, 1e-15);
  EXPECT_NEAR(confidence_of(0, std::log(0.5)), 0.5, 1e-15);
  // A choice of three with probabilities 0.5, 0.3, 0.2, when the second is chosen: margin log 0.3 / 0.5.
  EXPECT_NEAR(confidence_of(std::log(0.3 / 0.5), std::log(0.3)), 0.5, 1e-15);
  EXPECT_NEAR(confidence_of(-1000, -1000), 1, 1e-15) << "without a detour over 0 times infinity";
}

std::vector<JudgedChoice> choices_of(const std::vector<double>& confidence, const std::vector<double>& right) {
  std::vector<JudgedChoice> choices;
  choices.reserve(right.size());
  for (std::size_t i = 0; i < right.size(); ++i) {
    choices.push_back({confidence[i], right[i], 1, static_cast<std::uint32_t>(i)});
  }
  sort_by_confidence(choices);
  return choices;
}

TEST(Reliability, TwentyChoicesByHand) {
  std::vector<double> confidence, right;
  for (int i = 0; i < 20; ++i) {
    confidence.push_back(0.5 + 0.025 * i);
    right.push_back(i % 2 == 0 ? 1 : 0);
  }
  // Bins of two neighbours: half of each is right, and their mean confidence is 0.5125 + 0.05 b.
  const Reliability reliability = reliability_of(choices_of(confidence, right));
  ASSERT_EQ(reliability.bins.size(), 10U);
  double wanted = 0;
  for (int b = 0; b < 10; ++b) {
    const auto& bin = reliability.bins[static_cast<std::size_t>(b)];
    EXPECT_NEAR(bin.confidence, 0.5125 + 0.05 * b, 1e-12);
    EXPECT_NEAR(bin.right, 0.5, 1e-12);
    EXPECT_NEAR(bin.mass, 0.1, 1e-12);
    EXPECT_EQ(bin.highest, 5250 + 500 * b);
    wanted += 0.1 * (0.0125 + 0.05 * b);
  }
  EXPECT_NEAR(reliability.error, wanted, 1e-12);
}

TEST(Reliability, EqualConfidenceIsOneBin) {
  // Three of four are right, all with 0.9: |0.9 - 0.75|.
  const Reliability one = reliability_of(choices_of({0.9, 0.9, 0.9, 0.9}, {1, 0, 1, 1}));
  ASSERT_EQ(one.bins.size(), 1U);
  EXPECT_NEAR(one.error, 0.15, 1e-12);
  EXPECT_TRUE(std::isnan(reliability_of({}).error));
}

// One pair, 200 people half of whom answer this way and half that: all 0.75 sure, in binary not to the last bit.
TEST(Reliability, RoundingDoesNotPartTheRightFromTheWrong) {
  std::vector<double> confidence, right;
  for (int i = 0; i < 200; ++i) {
    const auto log_probability = static_cast<float>(i % 2 == 0 ? std::log(0.75) : std::log(0.25));
    const auto margin = static_cast<float>(i % 2 == 0 ? std::log(3.0) : -std::log(3.0));
    confidence.push_back(confidence_of(static_cast<double>(margin), static_cast<double>(log_probability)));
    right.push_back(i % 2 == 0 ? 1 : 0);
  }
  EXPECT_NE(confidence[0], confidence[1]);
  const Reliability reliability = reliability_of(choices_of(confidence, right));
  EXPECT_EQ(reliability.bins.size(), 1U);
  EXPECT_NEAR(reliability.error, 0.25, 1e-6);
}

TEST(Reliability, APersonDrawnTwiceIsThereTwice) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform;
  for (int round = 0; round < 50; ++round) {
    std::vector<JudgedChoice> choices, drawn;
    std::vector<std::uint32_t> times(12);
    for (std::uint32_t& time : times) {
      time = static_cast<std::uint32_t>(random() % 3);
    }
    times[0] = 1;
    for (std::uint32_t i = 0; i < 100; ++i) {
      choices.push_back(
          {0.5 + 0.5 * uniform(random), uniform(random) < 0.7 ? 1.0 : 0.0, 0.5 + uniform(random), i % 12});
      for (std::uint32_t time = 0; time < times[i % 12]; ++time) {
        drawn.push_back(choices.back());
      }
    }
    sort_by_confidence(choices);
    sort_by_confidence(drawn);
    EXPECT_NEAR(reliability_of(choices, times).error, reliability_of(drawn).error, 1e-12);
  }
}

TEST(CalibrationFloor, ACalibratedModelLiesInIt) {
  const std::uint32_t seed = 8;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform;
  std::vector<double> confidence(400), right(400), wrong(400);
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    confidence[i] = 0.5 + 0.5 * uniform(random);
    right[i] = uniform(random) < confidence[i] ? 1 : 0;
    wrong[i] = uniform(random) < 0.5 ? 1 : 0;  // coins, with confidence 0.75 on average
  }
  const auto calibrated = choices_of(confidence, right);
  const NoiseFloor floor = calibration_floor(calibrated, {.draws = 500, .seed = 4});
  EXPECT_GT(floor.mean, 0.02) << "40 choices a bin leave this much to chance";
  EXPECT_LT(floor.mean, 0.08);
  EXPECT_LT(reliability_of(calibrated).error, floor.interval.high) << "seed " << seed;
  EXPECT_GT(reliability_of(choices_of(confidence, wrong)).error, floor.interval.high) << "seed " << seed;
  EXPECT_TRUE(std::isnan(calibration_floor({}, {}).mean));
  EXPECT_THROW((void)calibration_floor(calibrated, {.draws = 0}), InternalError);
}

TEST(CalibrationError, UsersHaveTheSameMass) {
  contract::ScoredArrays scores;
  // User 0 answers once, rightly, with confidence 0.6; user 1 nine times, wrongly, with 0.9.
  scores.add(std::log(1.5F), std::log(0.6F), 1, 0);
  for (int i = 0; i < 9; ++i) {
    scores.add(-std::log(9.0F), std::log(0.1F), 1, 1);
  }
  const std::vector<std::uint8_t> both(2, 1);
  const GroupValue value = find_metric("calibration_error")->over_group(scores.view(), both);
  EXPECT_NEAR(value.value, (0.4 + 0.9) / 2, 1e-6);
  EXPECT_EQ(value.users, 2U);
  // Parts 0.4 and 0.9 of the two: half their difference.
  EXPECT_NEAR(value.standard_error, 0.25, 1e-6);
}

TEST(CalibrationError, OrdersOfSeveralAreLeftOut) {
  contract::ScoredArrays scores;
  scores.add(1.0F, -0.3F, 1, 0);
  scores.add(1.0F, -5.0F, 1, 1);
  const std::vector<std::uint8_t> both(2, 1), first = {1, 0}, none = {0, 0};
  ScoredComparisons view = scores.view();
  view.first_choice = first;
  const Metric& metric = *find_metric("calibration_error");
  EXPECT_NEAR(metric.over_group(view, both).value, 1 - std::exp(-0.3), 1e-6);
  EXPECT_EQ(metric.over_group(view, both).users, 1U);
  view.first_choice = none;
  EXPECT_TRUE(std::isnan(metric.over_group(view, both).value));
  EXPECT_EQ(metric.over_group(view, both).users, 0U);
}

TEST(CalibrationError, NoAnswerAndBrokenInput) {
  contract::ScoredArrays scores;
  scores.add(std::nanf(""), -1.0F, 1, 0);
  scores.add(1.0F, -0.3F, 1, 0);
  const Metric& metric = *find_metric("calibration_error");
  EXPECT_TRUE(std::isnan(metric.over_group(scores.view(), std::vector<std::uint8_t>(1, 1)).value));
  EXPECT_THROW((void)metric.over_group(scores.view(), {}), InternalError);
  scores.weight[0] = 0;
  EXPECT_THROW((void)metric.over_group(scores.view(), std::vector<std::uint8_t>(1, 1)), InternalError);
}

// The slow twin: all choices one by one, the bin by counting the mass below.
TEST(CalibrationError, AgreesWithTheSlowTwin) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    const auto scores = contract::random_scores(random, 300, 11);
    std::vector<long double> total(11, 0);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      total[static_cast<std::size_t>(scores.user[i])] += scores.weight[i];
    }
    const auto mass = [&](std::size_t i) { return scores.weight[i] / total[static_cast<std::size_t>(scores.user[i])]; };
    const auto confidence = [&](std::size_t i) {
      const double own = std::exp(static_cast<double>(scores.log_probability[i]));
      const double said =
          confidence_of(static_cast<double>(scores.margin[i]), static_cast<double>(scores.log_probability[i]));
      EXPECT_NEAR(said, std::max(own, 1 - own), 1e-6) << "a pair's other candidate has the rest";
      return said;
    };
    long double whole = 0, gap[10] = {}, error = 0;
    std::vector<double> said;
    said.reserve(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      whole += mass(i);
      said.push_back(confidence(i));
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
      long double below = 0, equal = 0;
      const long level = std::lround(said[i] * 10000);
      for (std::size_t j = 0; j < scores.size(); ++j) {
        below += std::lround(said[j] * 10000) < level ? mass(j) : 0;
        equal += std::lround(said[j] * 10000) == level ? mass(j) : 0;
      }
      const auto bin = std::min(9, static_cast<int>(10 * (below + equal / 2) / whole));
      const long double right = scores.margin[i] > 0 ? 1 : (scores.margin[i] == 0 ? 0.5 : 0);
      gap[bin] += mass(i) * (said[i] - right);
    }
    for (const long double each : gap) {
      error += std::fabs(each) / whole;
    }
    const GroupValue fast =
        find_metric("calibration_error")->over_group(scores.view(), std::vector<std::uint8_t>(11, 1));
    EXPECT_NEAR(fast.value, static_cast<double>(error), 1e-9);
  }
}

}  // namespace
}  // namespace fairsweep::fairness
