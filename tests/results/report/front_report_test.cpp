#include "results/report/front_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "results/report/page_data.hpp"
#include "tests/results/report/small_run.hpp"
#include "tests/results/store/sample_record.hpp"

namespace fairsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

RunSummary sample() {
  return summarise_run("runs/sample", test::sample_record(), {{"model.head", std::string("mlp")}});
}

TEST(RunSummary, NamesMethodsAndSettings) {
  const RunSummary run = sample();
  EXPECT_EQ(method_of(run, run.record.configurations[1]), "group_dro");
  EXPECT_EQ(setting_text(run, run.record.configurations[0], "model.head"), "mlp");
  EXPECT_EQ(setting_text(run, run.record.configurations[0], "no.such"), "");
  RunSummary fixed = summarise_run("x", test::random_record(2, 1, 1), {{"method.name", std::string("pooled")}});
  EXPECT_EQ(method_of(fixed, fixed.record.configurations[0]), "pooled");
  fixed.fixed.clear();
  EXPECT_EQ(method_of(fixed, fixed.record.configurations[0]), "-");
}

TEST(RunSummary, KnowsWhatVaries) {
  RunRecord record = test::sample_record();
  EXPECT_THAT(varying_settings(record), ElementsAre("method.name", "method.group_dro.step_size", "model.width",
                                                    "model.bias", "training.clip", "training.weight_decay"));
  for (Configuration& configuration : record.configurations)
    configuration.values = record.configurations[0].values;
  EXPECT_TRUE(varying_settings(record).empty());
}

TEST(RunSummary, ShortNamesStayDistinct) {
  EXPECT_THAT(short_names({"training.learning_rate", "model.width", "a.width", "width"}),
              ElementsAre("learning_rate", "model.width", "a.width", "width"));
  EXPECT_THAT(short_names({"a.x", "a.x"}), ElementsAre("a.x", "a.x"));
}

TEST(RunSummary, KeysOfMembers) {
  EXPECT_EQ(key_of(0), 'a');
  EXPECT_EQ(key_of(25), 'z');
  EXPECT_EQ(key_of(26), 'A');
  EXPECT_EQ(key_of(52), '#');
}

TEST(RunSummary, BestOfMethodsIsChosenOnValidation) {
  RunRecord record = test::sample_record();
  for (TrialRecord& trial : record.trials) {
    for (MetricValue& metric : trial.metrics) {
      if (metric.split == Split::test)
        metric.value = trial.configuration.value == 2 ? 1e6 : -1e6;
    }
  }
  const RunSummary run = summarise_run("x", record, {});
  const auto best = best_of_methods(run);
  ASSERT_EQ(best.size(), 2U);
  EXPECT_EQ(run.front.points[best[0]].configuration.value, 1U);  // group_dro
  EXPECT_EQ(run.front.points[best[1]].configuration.value, 0U);  // pooled: 0 before 2
}

TEST(FrontText, SaysEverything) {
  const std::string text = front_text(sample(), Shown::front);
  EXPECT_THAT(text, HasSubstr("sample: 2 of 3 configurations on the front; the run is not complete, 5 were wanted"));
  EXPECT_THAT(text, HasSubstr("0.562 ± 0.062"));
  EXPECT_THAT(text, HasSubstr("accuracy of few"));
  EXPECT_THAT(text, HasSubstr("Hypervolume on validation: 0.369141 with respect to (0, 0.8500)"));
  EXPECT_THAT(text, HasSubstr("smaller is better"));
  EXPECT_THAT(text, HasSubstr("Each method's best configuration"));
  EXPECT_THAT(text, HasSubstr("step_size"));
  EXPECT_THAT(text, Not(HasSubstr("1 failed")));
  const std::string all = front_text(sample(), Shown::every_configuration);
  EXPECT_THAT(all, HasSubstr("1, 1 failed"));
  EXPECT_THAT(all, HasSubstr("0, 2 open"));
}

TEST(FrontText, WarnsWhereTheDataCannotShowTheTypesAskedFor) {
  RunRecord record = test::sample_record();
  record.data_description = R"({"identifiability": {"median_votes": 3, "pairs_only": true, "most_types": 2}})";
  const std::string one = "method.joint_likelihood.types asks for 4 hidden types of people, and the median person gave";
  const Settings fixed{{"method.joint_likelihood.types", std::int64_t{4}}};
  const RunSummary run = summarise_run("x", record, fixed);
  std::string text = front_text(run, Shown::front);
  std::replace(text.begin(), text.end(), '\n', ' ');
  EXPECT_THAT(text, HasSubstr("Warning: " + one));
  EXPECT_THAT(text, HasSubstr("all answers are between two candidates"));
  EXPECT_EQ(front_json(run, Shown::front)["warnings"].size(), 2U);
  ReportInput input;
  input.run = run;
  EXPECT_THAT(page_data(input).at("warnings").at(0).get<std::string>(), HasSubstr(one));
  EXPECT_TRUE(front_json(summarise_run("x", record, {}), Shown::front)["warnings"].empty()) << "no types are asked for";
  record.data_description = "";
  EXPECT_TRUE(front_json(summarise_run("x", record, fixed), Shown::front)["warnings"].empty()) << "an older run";
}

TEST(FrontText, AnUnfinishedRunSaysSo) {
  RunRecord record = test::sample_record();
  for (TrialRecord& trial : record.trials)
    trial.state = TrialState::pending;
  const RunSummary run = summarise_run("x", record, {});
  EXPECT_THAT(front_text(run, Shown::front), HasSubstr("No configuration has all its replicates yet"));
  EXPECT_TRUE(front_json(run, Shown::front)["hypervolume"].is_null());
}

TEST(FrontText, ARunWhoseTrialsAllFailedSaysSo) {
  RunRecord record = test::sample_record();
  record.complete = true;
  record.wanted_configurations = static_cast<std::uint32_t>(record.configurations.size());
  std::vector<TrialRecord> all;
  for (const Configuration& configuration : record.configurations) {
    for (std::uint32_t replicate = 0; replicate < record.replicates; ++replicate) {
      TrialRecord trial;
      trial.id = record.trials.front().id;
      trial.configuration = configuration.id;
      trial.replicate = replicate;
      trial.state = TrialState::failed;
      all.push_back(trial);
    }
  }
  record.trials = all;
  const std::string text = front_text(summarise_run("x", record, {}), Shown::front);
  EXPECT_THAT(text, Not(HasSubstr("yet")));
  EXPECT_THAT(text, HasSubstr("There is no front: no trial gave a value of every objective."));
}

TEST(FrontText, MethodsThatFailedAreNotMissingInSilence) {
  RunRecord record = test::small_record({{0.9, 0.6}, {0.5, 0.9}, {0.4, 0.5}}, {0.1, 0.2, 0.3});
  EXPECT_THAT(front_text(summarise_run("x", record, {}), Shown::front), Not(HasSubstr("failed")));
  record.configurations[2].values["method.name"] = std::string("soup");
  record.trials[2].state = TrialState::failed;
  record.trials[2].metrics.clear();
  EXPECT_THAT(
      front_text(summarise_run("x", record, {}), Shown::front),
      HasSubstr("2 of 2 configurations on the front; 1 failed and does not compete (soup 1), `fairsweep status` "
                "says why"));
}

TEST(FrontText, PlotsPairsOfUpToFourObjectives) {
  RunRecord record = test::sample_record();
  record.objectives = {{"accuracy", "few", Direction::maximise, ""}};
  EXPECT_EQ(front_plots(summarise_run("x", record, {})), "");
  record.objectives.push_back({"accuracy", "many", Direction::maximise, ""});
  record.objectives.push_back({"accuracy", "", Direction::maximise, ""});
  const std::string plots = front_plots(summarise_run("x", record, {}));
  std::size_t count = 0;
  for (std::size_t at = plots.find("is better)\n"); at != std::string::npos; at = plots.find("is better)\n", at + 1))
    ++count;
  EXPECT_EQ(count, 6U);  // two labels for each of three pairs
}

TEST(FrontJson, HoldsTheSameFront) {
  const RunSummary run = sample();
  const nlohmann::json json = front_json(run, Shown::every_configuration);
  ASSERT_EQ(json["members"].size(), 2U);
  EXPECT_EQ(json["members"][0]["key"], "a");
  EXPECT_EQ(json["members"][1]["configuration"], 1);
  EXPECT_EQ(json["members"][1]["method"], "group_dro");
  EXPECT_EQ(json["members"][1]["validation"][0]["standard_error"], 0.0625);
  EXPECT_EQ(json["members"][1]["settings"]["method.group_dro.step_size"], 0.1 + 0.2);
  EXPECT_EQ(json["members"][1]["settings"]["model.width"], 100);
  EXPECT_EQ(json["hypervolume"], run.front.hypervolume);
  EXPECT_EQ(json["objectives"][1]["direction"], "minimise");
  EXPECT_EQ(json["configurations"].size(), 4U);
  EXPECT_TRUE(json["configurations"][3]["validation"][0]["mean"].is_null());
  EXPECT_EQ(json["best_of_methods"].size(), 2U);
  EXPECT_FALSE(front_json(run, Shown::front).contains("configurations"));
}

}  // namespace
}  // namespace fairsweep::report
