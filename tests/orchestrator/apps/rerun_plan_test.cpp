#include "orchestrator/apps/rerun_plan.hpp"

#include <gmock/gmock.h>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/replay_run.hpp"
#include "tests/orchestrator/apps/run_fixture.hpp"

namespace fairsweep::apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RerunPlanTest : public RunFixture {
 protected:
  /// Three configurations of two replicates: 0 and 1 reported but for trial 3, which failed; 2 still pending.
  static report::RunSummary run() {
    RunRecord record;
    record.sweep = "small";
    record.resolved_configuration = sweep().resolved;
    record.data_digest = "d1";
    record.replicates = 2;
    record.groups = {"few", "many"};
    record.objectives = {{"accuracy", "few", Direction::maximise, "1"}, {"accuracy", "many", Direction::maximise, "1"}};
    for (std::uint32_t id = 0; id < 6; ++id) {
      if (id % 2 == 0) {
        record.configurations.push_back({{id / 2}, {{"training.learning_rate", 0.01}}});
      }
      TrialRecord trial;
      trial.id = {id};
      trial.configuration = {id / 2};
      trial.replicate = id % 2;
      trial.state = id == 3 ? TrialState::failed : id < 4 ? TrialState::reported : TrialState::pending;
      trial.metrics = report(id, 0.5 + 0.1 * (id / 2)).metrics;
      record.trials.push_back(trial);
    }
    return report::summarise_run("r.h5", record, {});
  }
  static RerunRequest request() {
    RerunRequest request;
    request.results = "r.h5";
    request.out = "out";
    return request;
  }
  template <typename Call>
  static std::pair<ExitCode, std::string> refusal(Call&& call) {
    try {
      (void)call();
    } catch (const UserError& error) {
      return {error.code(), error.what()};
    }
    return {ExitCode::done, ""};
  }
};

TEST_F(RerunPlanTest, FindsTheTrialsThatHaveEnded) {
  RerunRequest one = request(), all = request(), front = request();
  one.trial = 3;
  EXPECT_THAT(trials_to_rerun(run(), one), ElementsAre(TrialId{3}));
  all.configuration = 1;
  EXPECT_THAT(trials_to_rerun(run(), all), ElementsAre(TrialId{2}, TrialId{3}));
  front.front = true;  // configuration 1 is better for few and as good for many
  EXPECT_THAT(trials_to_rerun(run(), front), ElementsAre(TrialId{2}, TrialId{3}));
}

TEST_F(RerunPlanTest, RefusesWhatIsNotThereOrNotDone) {
  for (const auto& [trial, words] : {std::pair(5U, "nothing has ended"), std::pair(9U, "has no trial 9")}) {
    RerunRequest wrong = request();
    wrong.trial = trial;
    const auto [code, message] = refusal([&] { return trials_to_rerun(run(), wrong); });
    EXPECT_EQ(code, ExitCode::configuration);
    EXPECT_THAT(message, HasSubstr(words));
  }
  RerunRequest both = request();
  EXPECT_EQ(refusal([&] { return trials_to_rerun(run(), both); }).first, ExitCode::configuration);
  both.trial = 1;
  both.front = true;
  EXPECT_EQ(refusal([&] { return trials_to_rerun(run(), both); }).first, ExitCode::configuration);
}

TEST_F(RerunPlanTest, OnlyResourcesMayChange) {
  RerunRequest wrong = request();
  wrong.assignments = {"search.seed=6", "resources.retries=4"};
  const auto [code, message] = refusal([&] { return rerun_plan(run().record, {{1}}, wrong); });
  EXPECT_EQ(code, ExitCode::configuration);
  EXPECT_THAT(message, HasSubstr("search.seed: 5 -> 6"));
  EXPECT_THAT(message, testing::Not(HasSubstr("retries: ")));
}

TEST_F(RerunPlanTest, SaysWhichDataItMisses) {
  RerunRequest elsewhere = request();
  elsewhere.data = (folder_ / "no \"such\" file.h5").string();
  const auto [code, message] = refusal([&] { return rerun_plan(run().record, {{1}}, elsewhere); });
  EXPECT_EQ(code, ExitCode::file);
  EXPECT_THAT(message, testing::AllOf(HasSubstr(elsewhere.data), HasSubstr("digest d1"), HasSubstr("--data")));
}

TEST_F(RerunPlanTest, ARecordThatCannotBeReadIsAFileOfAnotherVersion) {
  RunRecord other = run().record;
  other.resolved_configuration += "no_such_option: 1\n";
  EXPECT_EQ(refusal([&] { return rerun_plan(other, {{1}}, request()); }).first, ExitCode::file);
}

TEST(SettingDifferences, NameEverySettingThatIsNotTheSame) {
  const OtherSuggestion other{7,
                              {2},
                              {{"a", 0.5}, {"b", std::string("x")}, {"c", true}},
                              Settings{{"a", 0.5}, {"b", std::string("y")}, {"d", std::int64_t{3}}}};
  EXPECT_THAT(setting_differences(other),
              ElementsAre("b: x in the log, y derived", "c: true in the log, absent derived",
                          "d: absent in the log, 3 derived"));
  EXPECT_THAT(setting_differences({7, {2}, {}, std::nullopt}), ElementsAre(HasSubstr("no such configuration")));
}

}  // namespace
}  // namespace fairsweep::apps
