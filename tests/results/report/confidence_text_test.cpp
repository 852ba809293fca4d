#include "results/report/confidence_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "results/report/front_report.hpp"
#include "results/report/page_data.hpp"
#include "tests/results/report/small_runs.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;
using test::small_run;
using ::testing::HasSubstr;

/// Two members apart, one beside the first that may be one of them, one far below.
RunSummary sure_and_unsure() {
  RunSummary run = small_run({{"pooled", {{0.90, 0.10}, {0.91, 0.11}, {0.89, 0.10}}},
                              {"pafo", {{0.10, 0.90}, {0.11, 0.91}, {0.10, 0.89}}},
                              {"pafo", {{0.895, 0.095}, {0.88, 0.10}, {0.905, 0.10}}},
                              {"pafo", {{0.01, 0.02}, {0.02, 0.01}, {0.01, 0.01}}}},
                             {10, 10});
  run.confidence = front_confidence(run.record, run.front);
  return run;
}

RunSummary one_replicate() { return small_run({{"pooled", {{0.9, 0.1}}}, {"pafo", {{0.1, 0.9}}}}, {10, 10}); }

TEST(ConfidenceText, CountsWhatTheProbabilitiesSay) {
  const RunSummary run = sure_and_unsure();
  ASSERT_TRUE(run.confidence);
  std::size_t sure = 0, possible = 0;
  double expected_false = 0;
  for (std::size_t point = 0; point < run.front.points.size(); ++point) {
    const double probability = probability_of(run, point);
    const bool member = run.front.points[point].on_front;
    sure += member && probability >= 0.95 ? 1 : 0;
    possible += !member && probability > 0.05 ? 1 : 0;
    expected_false += member ? 1 - probability : 0;
  }
  EXPECT_EQ(run.front.members.size(), 2U);
  EXPECT_EQ(confidence_counts(run).sure_members, sure);
  EXPECT_EQ(confidence_counts(run).possible_others, possible);
  EXPECT_EQ(sure, 1U);
  EXPECT_EQ(possible, 1U);
  char number[16];
  std::snprintf(number, sizeof(number), "%.1f", expected_false);
  EXPECT_EQ(confidence_sentence(run), "Of the 2 on the front, 1 is sure at 95 %; " + std::string(number) +
                                          " are expected not to belong there, and 1 other cannot be ruled out.");
  EXPECT_THAT(probability_meaning(run), HasSubstr("2000 draws, seed 1"));
}

TEST(ConfidenceText, SaysWhyNothingCanBeSaid) {
  RunSummary run = one_replicate();
  EXPECT_EQ(confidence_sentence(run), "How sure the front is cannot be said: no configuration has two replicates.");
  EXPECT_EQ(confidence_counts(run).sure_members, 0U);
  EXPECT_TRUE(std::isnan(probability_of(run, 0)));
  EXPECT_EQ(probability_text(probability_of(run, 0)), "-");
  EXPECT_EQ(probability_text(0.835), "0.83");  // a little less in binary
  EXPECT_EQ(probability_text(0.125), "0.13");
  EXPECT_EQ(probability_text(1.0), "1.00");
  EXPECT_EQ(probability_text(0.0), "0.00");
  run.front = {};
  EXPECT_EQ(confidence_sentence(run), "");
}

TEST(ConfidenceOnThePage, IsTheFrontCommands) {
  ReportInput input;
  input.run = sure_and_unsure();
  const json data = page_data(input), front = front_json(input.run, Shown::every_configuration);
  EXPECT_EQ(data["confidence"]["sure"], front["confidence"]["sure"].size());
  EXPECT_EQ(data["confidence"]["possible"], front["confidence"]["possible"].size());
  for (const char* name : {"level", "expected_false_members", "expected_missed_members"})
    EXPECT_EQ(data["confidence"][name], front["confidence"][name]) << name;
  EXPECT_EQ(data["confidence"]["sentence"], confidence_sentence(input.run));
  // All four are shown: the members in their order, then the others.
  json expected = json::array();
  for (const json& member : front["members"])
    expected.push_back(member["probability_non_dominated"]);
  for (const std::size_t other : {2, 3})
    expected.push_back(front["configurations"][other]["probability_non_dominated"]);
  EXPECT_EQ(data["points"]["probability"], expected);
}

TEST(ConfidenceOnThePage, IsNullWhereItCannotBeSaid) {
  ReportInput input;
  input.run = one_replicate();
  const json data = page_data(input);
  EXPECT_TRUE(data["points"]["probability"].is_null());
  EXPECT_TRUE(data["confidence"]["sure"].is_null());
  EXPECT_THAT(data["confidence"]["sentence"].get<std::string>(), HasSubstr("no configuration has two replicates"));
}

TEST(FrontText, APartOfASweepIsNoUnfinishedRun) {
  RunSummary run = sure_and_unsure();
  run.name = "again";
  run.record.complete = true;
  for (std::size_t trial = 1; trial < run.record.trials.size(); ++trial)
    run.record.trials[trial].state = TrialState::elsewhere;
  run.front = select_front(run.record);
  const std::string text = front_text(run, Shown::front);
  EXPECT_THAT(text, HasSubstr(": no front; this run has 1 of the 12 trials of its sweep\n"));
  EXPECT_THAT(text, HasSubstr("`fairsweep show again --trial N`"));
  EXPECT_THAT(text, testing::Not(HasSubstr("status")));
}

}  // namespace
}  // namespace fairsweep::report
