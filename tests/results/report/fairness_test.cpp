#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/report/fairness_choice.hpp"
#include "results/report/fairness_report.hpp"
#include "results/report/fairness_summary.hpp"
#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const double k_nan = std::numeric_limits<double>::quiet_NaN();

/// Three configurations: 0 is best for "few", 1 for "many", 2 is pooled and beaten by both.
RunSummary three_configurations() {
  RunRecord record = test::small_record({{0.9, 0.6}, {0.5, 0.9}, {0.4, 0.5}}, {0.1, 0.2, 0.3});
  record.configurations[0].values["method.name"] = std::string("pafo");
  record.configurations[1].values["method.name"] = std::string("group_dro");
  record.configurations[2].values["method.name"] = std::string("pooled");
  record.trials[0].notes = {{"teacher_gain few", 0.5},
                            {"student_gain few", 0.375},
                            {"teacher_gain many", 0.25},
                            {"oracle test accuracy few", 0.75},
                            {"oracle validation accuracy many", 0.75}};
  record.trials[0].metrics.push_back({"calibration_error", Split::test, "", 0.75, 0, 4, 8});
  return summarise_run("run", std::move(record), {});
}

/// People 0 and 1 are few, 2 to 4 many, 5 of no group; person 1 has no value on test.
PersonResults six_people() {
  PersonResults results;
  results.people.groups = {"few", "many"};
  results.people.user = {0, 1, 2, 3, 4, 5};
  results.people.group = {0, 0, 1, 1, 1, -1};
  results.people.in_training = {1, 1, 1, 1, 1, 1};
  results.people.support = {0.2, 0.3, 0.6, 0.8, 0.7, k_nan};
  results.people.split.assign(12, Split::test);
  results.metric = "accuracy";
  results.trials = {{0}, {1}, {2}};
  results.test.people = {0, 1, 2, 3, 4, 5};
  results.test.values = {0.5,  k_nan, 0.5, 1,   0.75, 0.25,  // configuration 0
                         0.25, k_nan, 1,   1,   0.25, 0.5,   // configuration 1
                         0.5,  k_nan, 0.5, 0.5, 0.5,  0.5};
  return results;
}

/// Two comparisons a person; configuration 0 alone left margins.
ComparisonResults twelve_comparisons() {
  ComparisonResults results;
  results.trials = {{0}};
  for (int i = 0; i < 12; ++i) {
    results.person.push_back(i / 2);
    results.test.comparison.push_back(i);
    // The first comparison of each is right with 0.75, the second wrong with 0.75.
    results.test.margin.push_back(i % 2 == 0 ? std::log(3.0) : -std::log(3.0));
    results.test.log_probability.push_back(i % 2 == 0 ? std::log(0.75) : std::log(0.25));
  }
  return results;
}

FairnessRequest quick() {
  FairnessRequest request;
  request.chance = {.draws = 200, .seed = 6};
  return request;
}

FairnessSummary summary_of(const FairnessRequest& request = quick(), const std::vector<double>& lead = {}) {
  return fairness_of(three_configurations(), six_people(), twelve_comparisons(), lead, request);
}

TEST(Fairness, ShowsTheFrontAndTheBestPooled) {
  const FairnessSummary summary = summary_of();
  EXPECT_EQ(summary.metric, "accuracy");
  ASSERT_EQ(summary.points.size(), 3U);
  EXPECT_EQ(summary.points[0].configuration.value, 0U);
  EXPECT_EQ(summary.points[1].configuration.value, 1U);
  EXPECT_EQ(summary.points[2].method, "pooled");
  EXPECT_FALSE(summary.points[2].member.has_value());
  EXPECT_THAT(trials_of_fairness(three_configurations(), quick()), ElementsAre(TrialId{0}, TrialId{1}, TrialId{2}));
}

TEST(Fairness, TheNumbersOfOneConfigurationByHand) {
  const FairnessOfPoint point = summary_of().points[0];
  EXPECT_EQ(point.people, 5U);
  // Values 0.5 | 0.5 1 0.75 | 0.25: mean 0.6, squared deviations 0.01 0.01 0.16 0.0225 0.1225.
  EXPECT_DOUBLE_EQ(point.over_people[0].value, 0.6);
  EXPECT_DOUBLE_EQ(point.over_people[1].value, std::sqrt(0.325 / 5));
  EXPECT_DOUBLE_EQ(point.over_people[3].value, 0.75);
  EXPECT_DOUBLE_EQ(point.over_people[4].value, 0.25);  // a tenth of five is one
  ASSERT_EQ(point.groups.size(), 3U);
  EXPECT_EQ(point.groups[0].people, 5U);
  EXPECT_EQ(point.groups[0].comparisons, 10U);
  EXPECT_EQ(point.groups[1].group, "few");
  EXPECT_DOUBLE_EQ(point.groups[1].value.value, 0.5);
  EXPECT_DOUBLE_EQ(point.groups[2].value.value, 0.75);
  EXPECT_EQ(point.groups[2].people, 3U);
  EXPECT_DOUBLE_EQ(point.relative_gap.value, 0.25 / 0.6);
  EXPECT_DOUBLE_EQ(point.majority_gap.value, 0.25);
  EXPECT_DOUBLE_EQ(point.over_groups[1].value, 0.125);
  // Beside the best of each group on validation: itself for few, configuration 1 (mean 0.75) for many.
  EXPECT_EQ(point.groups[1].best->value, 0U);
  EXPECT_EQ(point.groups[2].best->value, 1U);
  EXPECT_DOUBLE_EQ(point.groups[1].regret.value, 0);
  EXPECT_DOUBLE_EQ(point.groups[2].regret.value, 0);
  EXPECT_DOUBLE_EQ(summary_of().points[1].groups[1].regret.value, 0.25);
  EXPECT_DOUBLE_EQ(summary_of().points[1].largest_regret.value, 0.25);
  EXPECT_DOUBLE_EQ(point.groups[1].teacher_regret.value, 0.75 - 0.4) << "beside what the trial reports of few on test";
  EXPECT_TRUE(std::isnan(point.groups[1].teacher_regret.interval.low)) << "a mean alone has no interval";
  EXPECT_TRUE(std::isnan(point.groups[2].teacher_regret.value)) << "nothing is said of test";
  EXPECT_DOUBLE_EQ(point.groups[1].gain_left, 0.125);
  EXPECT_TRUE(std::isnan(point.groups[2].gain_left)) << "half of it is not said";
  // Support 0.2 0.6 0.8 0.7 and 0.5 0.5 1 0.75: means 0.575 and 0.6875,
  // Sxy = 1.725 - 4 x 0.575 x 0.6875 = 0.14375, Sxx = 1.53 - 4 x 0.575^2 = 0.2075.
  EXPECT_NEAR(point.slope.value, 0.14375 / 0.2075, 1e-12);
  EXPECT_EQ(point.curve.people, 4U);
  // Everybody is right half of the time and 0.75 sure.
  EXPECT_NEAR(point.groups[0].calibration.value, 0.25, 1e-12);
  EXPECT_NEAR(point.groups[2].calibration.interval.low, 0.25, 1e-12) << "whoever is drawn";
  ASSERT_EQ(point.groups[0].bins.size(), 1U);
  EXPECT_NEAR(point.groups[0].bins[0].confidence, 0.75, 1e-12);
}

TEST(Fairness, IntervalsHoldTheValueAndFloorsAreOfEverybodyAlike) {
  const FairnessOfPoint point = summary_of().points[0];
  for (const Measured* each : {&point.over_people[0], &point.groups[2].value}) {
    EXPECT_LE(each->interval.low, each->value);
    EXPECT_GE(each->interval.high, each->value);
    EXPECT_LT(each->interval.low, each->interval.high);
  }
  EXPECT_EQ(point.groups[1].value.interval.low, 0.5) << "of one person only that one can be drawn";
  // Two comparisons a person, right with 0.6: the deviation is about sqrt(0.8 x 0.24 / 2).
  EXPECT_NEAR(point.over_people[1].floor.mean, std::sqrt(0.8 * 0.12), 0.03) << "seed 6";
  EXPECT_NEAR(point.over_people[0].floor.mean, 0.6, 0.04) << "seed 6";
  EXPECT_NEAR(point.slope.floor.mean, 0, 0.2) << "seed 6";
  EXPECT_TRUE(std::isnan(point.largest_regret.floor.mean));
  EXPECT_GT(point.groups[0].calibration.floor.mean, 0);
}

TEST(Fairness, ReplicatesAreMeasuredOneByOne) {
  RunSummary run = three_configurations();
  run.record.replicates = 2;
  run.record.configurations.resize(1);
  run.record.trials = {test::small_trial(0, 0, 2, 0.9, 0.6), test::small_trial(0, 1, 2, 0.9, 0.6)};
  run = summarise_run("run", run.record, {});
  PersonResults people = six_people();
  people.trials = {{0}, {1}};
  people.test.values = {0.5, k_nan, 1, 0, 0.5, 0.5, 0.5, 1, 0, 1, 0.5, 0.5};
  const FairnessOfPoint point = fairness_of(run, people, {}, {}, quick()).points[0];
  EXPECT_EQ(point.replicates, 2U);
  EXPECT_EQ(point.people, 5U) << "of whom both say something";
  // Each has 0, 0.5 three times and 1, though the means of the two are all 0.5.
  EXPECT_DOUBLE_EQ(point.over_people[1].value, std::sqrt(0.1));
  EXPECT_DOUBLE_EQ(point.over_people[3].value, 1);
  EXPECT_DOUBLE_EQ(point.groups[2].value.value, 0.5);
}

TEST(Fairness, WithoutMarginsCalibrationIsWhatTheTrainerSaid) {
  ComparisonResults comparisons = twelve_comparisons();
  comparisons.trials.clear();
  comparisons.test.margin.clear();
  comparisons.test.log_probability.clear();
  const FairnessSummary summary = fairness_of(three_configurations(), six_people(), comparisons, {}, quick());
  EXPECT_DOUBLE_EQ(summary.points[0].groups[0].calibration.value, 0.75);
  EXPECT_TRUE(std::isnan(summary.points[0].groups[0].calibration.interval.low));
  EXPECT_FALSE(std::isnan(summary.points[0].over_people[1].floor.mean)) << "comparisons are counted all the same";
  ASSERT_EQ(summary.missing.size(), 1U);
  EXPECT_THAT(summary.missing[0], HasSubstr("Margins are kept of the front's trials alone"));
  comparisons.person.clear();
  const FairnessSummary without = fairness_of(three_configurations(), six_people(), comparisons, {}, quick());
  EXPECT_TRUE(std::isnan(without.points[0].over_people[1].floor.mean));
  EXPECT_THAT(without.missing[0], HasSubstr("no noise floor"));
}

TEST(Fairness, RankingsAreNotFirstChoices) {
  RunSummary run = three_configurations();
  run.record.data_description = R"({"rankings": 7})";
  const FairnessSummary summary = fairness_of(run, six_people(), twelve_comparisons(), {}, quick());
  EXPECT_DOUBLE_EQ(summary.points[0].groups[0].calibration.value, 0.75);
  EXPECT_TRUE(summary.points[0].groups[0].bins.empty());
  EXPECT_THAT(summary.missing, testing::Contains(HasSubstr("rankings of several")));
}

TEST(Fairness, BordaByHand) {
  std::vector<double> lead(12, k_nan);
  lead[0] = 0.3;   // person 0: chose the leader, and the model agrees
  lead[1] = -0.1;  // chose the other; the model, wrong about the choice, follows the count
  lead[4] = -0.2;  // person 2 chose the other, and the model with them
  lead[5] = 0;     // told apart by nobody
  const FairnessOfPoint point = summary_of(quick(), lead).points[0];
  EXPECT_DOUBLE_EQ(point.groups[1].model_as_borda.value, 1);
  EXPECT_DOUBLE_EQ(point.groups[1].people_as_borda.value, 0.5);
  EXPECT_DOUBLE_EQ(point.groups[2].model_as_borda.value, 0);
  EXPECT_DOUBLE_EQ(point.groups[2].people_as_borda.value, 0);
  EXPECT_DOUBLE_EQ(point.groups[0].model_as_borda.value, 0.5) << "people alike";
  EXPECT_TRUE(std::isnan(summary_of().points[0].groups[0].model_as_borda.value));
}

TEST(Fairness, OneTrialAlone) {
  FairnessRequest request = quick();
  request.trial = TrialId{1};
  const FairnessSummary summary = summary_of(request);
  ASSERT_EQ(summary.points.size(), 1U);
  EXPECT_DOUBLE_EQ(summary.points[0].over_people[0].value, 0.6);
  EXPECT_EQ(summary.points[0].replicates, 1U);
  EXPECT_THAT(fairness_text(summary, true), HasSubstr("configuration 1, group_dro, trial 1: 5 people"));
}

TEST(Fairness, MistakesAreSaid) {
  const auto refusal = [](const FairnessRequest& request, const PersonResults& people = six_people()) {
    try {
      (void)fairness_of(three_configurations(), people, twelve_comparisons(), {}, request);
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  FairnessRequest request = quick();
  request.trial = TrialId{77};
  EXPECT_EQ(refusal(request), "run: trial 77 is not there; `fairsweep show run` lists what there is");
  request = quick();
  request.metric = "calibration_error";
  EXPECT_THAT(refusal(request), HasSubstr("single people have no value of it"));
  request.metric = "log_loss";
  EXPECT_THAT(refusal(request), HasSubstr("there are no values of log_loss for single people"));
  EXPECT_THAT(refusal(request), HasSubstr("but there are of accuracy"));
}

TEST(Fairness, RegretToTheOwnTeacherIsPersonByPersonWhereItIsKnown) {
  PersonResults people = six_people();
  people.test.own_teacher.assign(18, k_nan);
  const std::vector<double> of_teachers = {0.75, k_nan, 0.75, 0.5, 1, k_nan};  // in configuration 0; person 5 has none
  std::ranges::copy(of_teachers, people.test.own_teacher.begin());
  const FairnessSummary summary = fairness_of(three_configurations(), people, twelve_comparisons(), {}, quick());
  const FairnessOfPoint& point = summary.points[0];
  EXPECT_DOUBLE_EQ(point.groups[1].teacher_regret.value, 0.25) << "not what the notes say of a mean";
  EXPECT_DOUBLE_EQ(point.groups[1].teacher_regret.interval.low, 0.25) << "of one person";
  // Many: teachers' 0.75 0.5 1 beside 0.5 1 0.75. Drawn with replacement, the mean of 0.25 -0.5 0.25.
  EXPECT_NEAR(point.groups[2].teacher_regret.value, 0, 1e-15);
  EXPECT_DOUBLE_EQ(point.groups[2].teacher_regret.interval.high, 0.25);
  EXPECT_LE(point.groups[2].teacher_regret.interval.low, -0.25);
  EXPECT_GE(point.groups[2].teacher_regret.interval.low, -0.5);
  EXPECT_TRUE(std::isnan(summary.points[1].groups[1].teacher_regret.value)) << "another method, without teachers";
  EXPECT_THAT(fairness_text(summary, true), HasSubstr("+0.0000 [-0.5000, +0.2500]"));
  EXPECT_EQ(fairness_json(summary)["points"][0]["groups"][1]["teacher_regret"]["value"], 0.25);
  // Of log-loss the teacher's is the smaller where it is better.
  PeopleSample sample;
  sample.values = {{2, 1}, {4, 1}};
  sample.own_teacher = {{1, 1}, {1, 2}};
  sample.group = {0, 0};
  sample.support = sample.best = sample.comparisons = {k_nan, k_nan};
  EXPECT_DOUBLE_EQ(measure(sample, 1, Direction::minimise).teacher_regrets[0], 0.75);
  EXPECT_DOUBLE_EQ(measure(sample, 1, Direction::maximise).teacher_regrets[0], -0.75);
}

TEST(Fairness, TextAndJsonSayTheSame) {
  const FairnessSummary summary = summary_of();
  const std::string text = fairness_text(summary, true);
  EXPECT_THAT(text, HasSubstr("accuracy (larger is better) is spread on test"));
  EXPECT_THAT(text, HasSubstr("200 draws of people, seed 6"));
  EXPECT_THAT(text, HasSubstr("NMGD"));
  EXPECT_THAT(text, HasSubstr("a, configuration 0, pafo, 1 replicate: 5 people"));
  EXPECT_THAT(text, HasSubstr("own teacher"));
  const nlohmann::json json = fairness_json(summary);
  EXPECT_EQ(json["seed"], 6);
  EXPECT_EQ(json["split"], "test");
  ASSERT_EQ(json["points"].size(), 3U);
  EXPECT_EQ(json["points"][0]["over_people"]["mean"]["value"], 0.6);
  EXPECT_EQ(json["points"][0]["groups"][1]["gain_left"], 0.125);
  EXPECT_TRUE(json["points"][0]["largest_regret"]["floor"].is_null());
  EXPECT_FALSE(json["points"][0]["over_people"]["gini"]["floor"].is_null());
  EXPECT_EQ(fairness_json(summary_of()), json) << "one seed, one answer";
}

TEST(Fairness, NothingCompetesYet) {
  RunSummary run = three_configurations();
  run.record.trials.clear();
  run = summarise_run("run", run.record, {});
  PersonResults nobody;
  nobody.metric = "accuracy";
  EXPECT_THAT(fairness_text(fairness_of(run, nobody, {}, {}, quick()), false), HasSubstr("nothing to measure"));
}

}  // namespace
}  // namespace fairsweep::report
