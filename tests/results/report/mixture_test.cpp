#include "results/report/mixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "results/report/front_report.hpp"
#include "results/report/page_data.hpp"
#include "results/report/run_report.hpp"
#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Two configurations on the front of two replicates each; the second mixes models that are there.
RunRecord mixed_record() {
  RunRecord record = test::small_record({{0.9, 0.6}, {0.7, 0.8}}, {0.25, 0.75});
  record.replicates = 2;
  record.trials = {test::small_trial(0, 0, 2, 0.9, 0.6), test::small_trial(0, 1, 2, 0.9, 0.6),
                   test::small_trial(1, 0, 2, 0.7, 0.8), test::small_trial(1, 1, 2, 0.7, 0.8)};
  for (std::size_t i = 2; i < 4; ++i) {
    TrialRecord& trial = record.trials[i];
    trial.words = {{"trained", "nothing"},
                   {"joined", "mixture of probabilities"},
                   {"models", std::string(64, i == 2 ? 'a' : 'b')},
                   {"mixes", "few 0.25, many 0.75"}};
    const double few = i == 2 ? 0.25 : 0.75;
    trial.notes = {{"weight of few", few}, {"weight of many", 1 - few}, {"largest regret (measured)", 0.1}};
  }
  return record;
}

TEST(Mixture, IsWhatTheTrialsWordsAndNotesSay) {
  const RunRecord record = mixed_record();
  EXPECT_FALSE(mixture_of(record.trials[0]).has_value());
  const auto one = mixture_of(record.trials[2]);
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->joined, "mixture of probabilities");
  EXPECT_EQ(one->weight, (std::map<std::string, double>{{"few", 0.25}, {"many", 0.75}}));
  EXPECT_EQ(mixture_text(*one), "mixes few 0.250, many 0.750 (mixture of probabilities)");
  const auto both = mixture_of(record, ConfigurationId{1});
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->weight, (std::map<std::string, double>{{"few", 0.5}, {"many", 0.5}}));
  EXPECT_EQ(both->models, (std::vector<std::string>{std::string(64, 'a'), std::string(64, 'b')}));
  EXPECT_FALSE(mixture_of(record, ConfigurationId{0}).has_value());
  EXPECT_TRUE(mixture_json(std::nullopt).is_null());
}

TEST(Mixture, ShowFrontAndReportSayIt) {
  const RunSummary run = summarise_run("runs/mixed", mixed_record(), {});
  EXPECT_THAT(trial_text(run, run.record.trials[2]), HasSubstr("nothing; mixes few 0.250, many 0.750"));
  EXPECT_THAT(trial_text(run, run.record.trials[0]), Not(HasSubstr("nothing; mixes")));
  const nlohmann::json trial = trial_json(run, run.record.trials[3]);
  EXPECT_EQ(trial["mixture"]["weights"]["few"], 0.75);
  EXPECT_EQ(trial["words"]["models"], std::string(64, 'b'));
  EXPECT_TRUE(trial_json(run, run.record.trials[0])["mixture"].is_null());
  const std::string front = front_text(run, Shown::front);
  EXPECT_THAT(front, HasSubstr("Trained nothing"));
  EXPECT_THAT(front, HasSubstr("mixes few 0.500, many 0.500 (mixture of probabilities)"));
  const nlohmann::json shown = front_json(run, Shown::front);
  for (const nlohmann::json& member : shown["members"]) {
    EXPECT_EQ(member["mixture"].is_null(), member["configuration"] == 0);
    EXPECT_EQ(member["mixture"].dump().find("nothing") == std::string::npos, member["configuration"] == 0);
  }
  std::vector<std::string> facts;
  const nlohmann::json points = points_json(run, {});
  for (const nlohmann::json& fact : points["facts"])
    facts.push_back(fact["name"]);
  EXPECT_THAT(facts, ::testing::IsSupersetOf({"trained nothing (1: yes)", "weight of few", "weight of many"}));
}

TEST(Mixture, OfPeopleSaysHowFarTheyAreApart) {
  RunRecord record = mixed_record();
  record.trials[2].notes["largest weight of people"] = 0.75;
  record.trials[3].notes["largest weight of people"] = 1;
  EXPECT_EQ(mixture_text(*mixture_of(record.trials[2])),
            "mixes few 0.250, many 0.750 on average over people, whose largest is 0.750 (mixture of probabilities)");
  EXPECT_EQ(mixture_of(record, ConfigurationId{1})->largest, 0.875);
  EXPECT_EQ(mixture_json(mixture_of(record, ConfigurationId{1}))["largest_weight_of_people"], 0.875);
}

TEST(Mixture, RunsWithoutOneSayNothingOfIt) {
  const RunSummary run = summarise_run("runs/small", test::small_record({{0.9, 0.6}, {0.7, 0.8}}, {0.25, 0.75}), {});
  EXPECT_THAT(front_text(run, Shown::front), Not(HasSubstr("rained nothing")));
  EXPECT_THAT(points_json(run, {})["facts"].dump(), Not(HasSubstr("trained nothing")));
}

}  // namespace
}  // namespace fairsweep::report
