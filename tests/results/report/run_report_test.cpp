#include "results/report/run_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/results/store/sample_record.hpp"

namespace fairsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RunSummary sample() {
  return summarise_run("runs/sample", test::sample_record(), {{"model.head", std::string("mlp")}});
}

TEST(RunReport, Overview) {
  const std::string text = overview_text(sample());
  EXPECT_THAT(text, HasSubstr("runs/sample\n"));
  EXPECT_THAT(text, HasSubstr("4 of 5, 2 replicates each"));
  EXPECT_THAT(text, HasSubstr("5 reported, 1 failed, 1 running, 1 pending"));
  EXPECT_THAT(text, HasSubstr("accuracy of few, larger is better; log_loss of many, smaller is better"));
  EXPECT_THAT(text, HasSubstr("log-uniform, whole from 8 to 128"));
  EXPECT_THAT(text, HasSubstr("model.width is 8 or 16"));
  EXPECT_THAT(text, HasSubstr("nobody"));
  const nlohmann::json json = overview_json(sample());
  EXPECT_EQ(json["trials"]["reported"], 5);
  EXPECT_EQ(json["declaration"]["fairness"], "pareto");
  EXPECT_EQ(json["front_size"], 2);
}

TEST(RunReport, ATrialWithEverythingItDid) {
  const RunSummary run = sample();
  const std::string text = trial_text(run, run.record.trials[2]);
  EXPECT_THAT(text, HasSubstr("Trial 2 of runs/sample"));
  EXPECT_THAT(text, HasSubstr("method.group_dro.step_size"));
  EXPECT_THAT(text, HasSubstr("model.head"));
  EXPECT_THAT(text, HasSubstr("(all)"));
  EXPECT_THAT(text, HasSubstr(std::string(64, 'c')));
  EXPECT_THAT(text, Not(HasSubstr("Failure")));
  const nlohmann::json json = trial_json(run, run.record.trials[2]);
  EXPECT_EQ(json["metrics"].size(), 10U);
  EXPECT_EQ(json["settings"]["model.head"], "mlp");
  EXPECT_EQ(json["artefacts"][0]["name"], "users");
}

TEST(RunReport, AFailedTrialWithItsLastWords) {
  const RunSummary run = sample();
  const std::string text = trial_text(run, run.record.trials[5]);
  EXPECT_THAT(text, HasSubstr("Failure 2 of 2"));
  EXPECT_THAT(text, HasSubstr("  | last words\n"));
  EXPECT_THAT(text, HasSubstr("no, it would fail again"));
  EXPECT_EQ(text.find('\0'), std::string::npos);
  const nlohmann::json json = trial_json(run, run.record.trials[5]);
  EXPECT_EQ(json["failures"][0]["signal"], 11);
  EXPECT_EQ(json["failures"][0]["log_tail"].size(), 2U);
  EXPECT_NO_THROW((void)json.dump());
}

TEST(RunReport, AConfigurationWithItsReplicates) {
  const RunSummary run = sample();
  const std::string text = configuration_text(run, run.record.configurations[1]);
  EXPECT_THAT(text, HasSubstr("0.562 ± 0.062"));
  EXPECT_THAT(text, HasSubstr("0.6250"));
  EXPECT_THAT(configuration_text(run, run.record.configurations[3]), HasSubstr("does not compete yet"));
  const nlohmann::json json = configuration_json(run, run.record.configurations[1]);
  EXPECT_EQ(json["trials"].size(), 2U);
  EXPECT_EQ(json["on_front"], true);
}

}  // namespace
}  // namespace fairsweep::report
