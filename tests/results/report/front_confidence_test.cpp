#include "results/report/front_confidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/report/front_report.hpp"
#include "results/store/front_replicates.hpp"
#include "tests/results/report/small_runs.hpp"

namespace fairsweep::report {
namespace {

using test::small_run;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two apart, one that nobody knows about, one far below.
RunSummary run_of_four() {
  return small_run({{"pooled", {{0.90, 0.10}, {0.91, 0.11}, {0.89, 0.10}}},
                    {"pafo", {{0.10, 0.90}, {0.11, 0.91}, {0.10, 0.89}}},
                    {"pafo", {{0.895, 0.105}, {0.88, 0.10}, {0.905, 0.11}}},
                    {"pafo", {{0.01, 0.02}, {0.02, 0.01}, {0.01, 0.01}}}},
                   {10, 10});
}

TEST(FrontReplicates, AreRowsOfWhatCompetes) {
  RunSummary run = run_of_four();
  run.record.trials[1].state = TrialState::failed;
  run.record.trials[3].state = TrialState::pending;
  run.front = select_front(run.record);
  const FrontReplicates replicates = front_replicates(run.record, run.front);
  EXPECT_THAT(replicates.points, ElementsAre(0, 2, 3));
  EXPECT_EQ(replicates.values.replicates, 3U);
  EXPECT_THAT(replicates.values.at(0, 0), ElementsAre(-0.90, -0.10));
  EXPECT_TRUE(std::isnan(replicates.values.at(0, 1)[0]));
  EXPECT_THAT(replicates.values.at(1, 2), ElementsAre(-0.905, -0.11));
}

TEST(FrontConfidence, SaysHowSureTheFrontIs) {
  RunSummary run = run_of_four();
  run.confidence = front_confidence(run.record, run.front);
  ASSERT_TRUE(run.confidence);
  const FrontConfidence& confidence = *run.confidence;
  EXPECT_GT(confidence.probability[1], 0.99);
  EXPECT_EQ(confidence.probability[3], 0);
  for (const std::size_t close : {0, 2}) {
    EXPECT_GT(confidence.probability[close], 0.2) << close;
    EXPECT_LT(confidence.probability[close], 0.99) << close;
  }
  double expected_false = 0;
  for (const std::size_t member : run.front.members)
    expected_false += 1 - confidence.probability[member];
  EXPECT_NEAR(confidence.expected_false, expected_false, 1e-12);
  EXPECT_THAT(confidence.sure, ElementsAre(1));
  EXPECT_THAT(confidence.possible, ElementsAre(0, 1, 2));
  EXPECT_EQ(confidence.least_replicates, 3U);
  EXPECT_EQ(front_confidence(run.record, run.front)->probability, confidence.probability) << "not the same twice";

  const std::string text = front_text(run, Shown::front);
  EXPECT_THAT(text, HasSubstr("probability"));
  EXPECT_THAT(text, HasSubstr(" 1.00\n"));
  EXPECT_THAT(text, HasSubstr("2000 draws, seed 1"));
  EXPECT_THAT(text, HasSubstr("1 is sure at 95 %"));
  const nlohmann::json json = front_json(run, Shown::every_configuration);
  EXPECT_EQ(json["configurations"][3]["probability_non_dominated"], 0.0);
  EXPECT_EQ(json["confidence"]["sure"], nlohmann::json::array({1}));
  EXPECT_EQ(json["confidence"]["draws"], 2000);
}

TEST(FrontConfidence, OneReplicateSaysNothing) {
  RunSummary run = small_run({{"pooled", {{0.9, 0.1}}}, {"pafo", {{0.1, 0.9}}}}, {10, 10});
  run.confidence = front_confidence(run.record, run.front);
  EXPECT_FALSE(run.confidence);
  const std::string text = front_text(run, Shown::front);
  EXPECT_THAT(text, HasSubstr("How sure the front is cannot be said"));
  EXPECT_THAT(text, Not(HasSubstr("probability")));
  EXPECT_TRUE(front_json(run, Shown::front)["confidence"].is_null());
  EXPECT_TRUE(front_json(run, Shown::front)["members"][0]["probability_non_dominated"].is_null());
}

TEST(FrontConfidence, NothingCompetesNothingIsSaid) {
  RunSummary run = run_of_four();
  for (TrialRecord& trial : run.record.trials)
    trial.state = TrialState::pending;
  run.front = select_front(run.record);
  EXPECT_FALSE(front_confidence(run.record, run.front));
}

}  // namespace
}  // namespace fairsweep::report
