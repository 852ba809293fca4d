#include "orchestrator/apps/run_session.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "core/hdf5/file_reader.hpp"
#include "core/protocol/people_text.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "results/store/result_file.hpp"
#include "tests/orchestrator/apps/run_fixture.hpp"

namespace fairsweep::apps {
namespace {

using testing::HasSubstr;

class RunSessionTest : public RunFixture {
 protected:
  /// A session without workers: it suggests everything and stops at once.
  SweepEnd session(bool resume, const std::string& configurations = "4", const std::vector<std::string>& set = {}) {
    RunSession session(plan(configurations, set), resume, logger_);
    const auto channels = make_loopback_channels(1);
    return session.coordinate(*channels[0], "threads", ProgressLine::Mode::quiet);
  }
  std::pair<ExitCode, std::string> refusal(bool resume, const std::string& configurations = "4",
                                           const std::vector<std::string>& set = {}) {
    try {
      (void)session(resume, configurations, set);
    } catch (const UserError& error) {
      return {error.code(), error.what()};
    }
    return {ExitCode::done, ""};
  }
  [[nodiscard]] RunDirectory run() const { return RunDirectory(folder_ / "run"); }

  std::shared_ptr<spdlog::logger> logger_ = make_logger("test", LogLevel::error);
};

TEST_F(RunSessionTest, LeavesARunThatCanBeResumedAndRead) {
  const SweepEnd end = session(false);
  EXPECT_EQ(end.code, ExitCode::resumable);
  const RunRecord record = read_result_file(run().results());
  EXPECT_EQ(record.configurations.size(), 4U);
  EXPECT_EQ(record.trials.size(), 8U);
  EXPECT_FALSE(record.complete);
  EXPECT_EQ(record.provenance.at("transport"), "threads");
  EXPECT_EQ(record.provenance.count("fairsweep.commit"), 1U);
  EXPECT_EQ(record.data_description, plan().data_description);
  EXPECT_EQ(session(true).code, ExitCode::resumable);
  const RunRecord again = read_result_file(run().results());
  EXPECT_EQ(again.configurations, record.configurations);
  EXPECT_EQ(again.data_description, record.data_description);
  const auto describes = [](const std::string& event) { return event.find("data_description") != std::string::npos; };
  EXPECT_EQ(std::count_if(again.events.begin(), again.events.end(), describes), 1) << "the log says it once";
}

TEST_F(RunSessionTest, KeepsWhoIsInWhichGroup) {
  SweepPlan known = plan();
  known.people.groups = known.groups;
  known.people.names = {"ann", "bea"};
  known.people.user = {0, 1};
  known.people.group = {0, 1};
  known.people.support = {0.5, 0.25};
  known.people.in_training = {1, 0};
  known.people.split = {Split::train, Split::test};
  known.people_file = people_text(known.people);
  known.people_file_digest = sha256(known.people_file);
  const TrainerSetup setup = setup_of(known);
  EXPECT_EQ(setup.people_file, std::filesystem::absolute(run().people(known.people_file_digest)).string());
  EXPECT_EQ(setup.people_digest, people_digest(known.people));
  RunSession session(known, false, logger_);
  const auto channels = make_loopback_channels(1);
  (void)session.coordinate(*channels[0], "threads", ProgressLine::Mode::quiet);
  EXPECT_EQ(read_run(run()).people, known.people);
  EXPECT_TRUE(hdf5::FileReader(run().results()).exists("/people/group"));
  std::ofstream(setup.people_file) << "{}";
  EXPECT_THROW((void)read_run(run()), UserError) << "another file of that name";
  std::filesystem::remove(setup.people_file);
  EXPECT_TRUE(read_run(run()).people.names.empty()) << "a run that was copied without its artefacts can be read";
}

TEST_F(RunSessionTest, ARunIsNotWrittenOver) {
  (void)session(false);
  const auto [code, words] = refusal(false);
  EXPECT_EQ(code, ExitCode::configuration);
  EXPECT_THAT(words, testing::AllOf(HasSubstr("--resume"), HasSubstr("--out")));
}

TEST_F(RunSessionTest, AnotherConfigurationIsRefusedByName) {
  (void)session(false);
  const auto [code, words] = refusal(true, "3", {"training.epochs=4", "resources.retries=5"});
  EXPECT_EQ(code, ExitCode::configuration);
  EXPECT_THAT(words, HasSubstr("search.configurations: 4 -> 3 (only more can be asked for)"));
  EXPECT_THAT(words, HasSubstr("training.epochs: 3 -> 4"));
  EXPECT_THAT(words, testing::Not(HasSubstr("retries"))) << "what is allowed is not complained of";
  EXPECT_THAT(words, HasSubstr("resources.*"));
  EXPECT_EQ(read_resolved_sweep(run()).digest, plan().sweep.digest);
}

TEST_F(RunSessionTest, GoesOnWithMoreConfigurationsAndOtherResources) {
  (void)session(false);
  const RunRecord before = read_run(run());
  const std::vector<std::string> set{"resources.lease_seconds=90", "data.file=elsewhere.h5"};
  EXPECT_EQ(session(true, "6", set).code, ExitCode::resumable);
  const RunRecord record = read_run(run());
  EXPECT_EQ(record.configurations.size(), 6U);
  EXPECT_EQ(record.wanted_configurations, 6U);
  for (std::size_t i = 0; i < before.configurations.size(); ++i) {
    EXPECT_EQ(record.configurations[i], before.configurations[i]);
  }
  EXPECT_EQ(record.provenance.at("changed.search.configurations"), "4 -> 6");
  EXPECT_EQ(record.provenance.at("changed.resources.lease_seconds"), "60.0 -> 90.0");
  EXPECT_EQ(read_resolved_sweep(run()).digest, plan("6", set).sweep.digest);
  EXPECT_EQ(refusal(true, "4").first, ExitCode::configuration) << "there is no way back";
  EXPECT_EQ(session(true, "6", set).code, ExitCode::resumable);
}

TEST_F(RunSessionTest, AKillBetweenLogAndConfigurationIsNoChange) {
  (void)session(false);
  (void)session(true, "6");
  std::ofstream(run().sweep()) << plan().sweep.resolved;  // the log knows the new one, the file is the old one
  EXPECT_EQ(session(true, "6").code, ExitCode::resumable);
  EXPECT_EQ(read_run(run()).configurations.size(), 6U);
}

TEST_F(RunSessionTest, AConfigurationThatTheLogDoesNotKnowIsRefused) {
  (void)session(false);
  const SweepPlan other = plan("4", {"training.epochs=9"});
  std::ofstream(run().sweep()) << other.sweep.resolved;
  try {
    const RunSession session(other, true, logger_);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("sweep.yaml"));
  }
}

TEST_F(RunSessionTest, OtherDataAreRefused) {
  (void)session(false);
  SweepPlan other = plan();
  other.data_digest = "d2";
  RunSession session(other, true, logger_);
  const auto channels = make_loopback_channels(1);
  EXPECT_THROW((void)session.coordinate(*channels[0], "threads", ProgressLine::Mode::quiet), UserError);
}

/// What a kill can leave before the first event, each of which must be a beginning.
TEST_F(RunSessionTest, BeginsFromWhateverAKillAtTheStartLeft) {
  const auto expect_a_run = [this](const std::string& what, bool resume) {
    SCOPED_TRACE(what);
    EXPECT_EQ(session(resume).code, ExitCode::resumable);
    EXPECT_EQ(read_run(run()).configurations.size(), 4U);
    std::filesystem::remove_all(run().path());
  };
  expect_a_run("nothing, and --resume", true);
  std::filesystem::create_directories(run().path());
  expect_a_run("an empty folder", false);
  run().prepare();
  expect_a_run("empty folders in it", false);
  run().prepare();
  std::ofstream(run().sweep()) << plan().sweep.resolved;
  expect_a_run("a configuration and no log", true);
  run().prepare();
  std::ofstream(run().sweep()) << plan().sweep.resolved;
  std::ofstream(run().events()).flush();
  expect_a_run("a log without its header", true);
}

TEST_F(RunSessionTest, ALogWithoutItsConfigurationIsRefused) {
  (void)session(false);
  std::filesystem::remove(run().sweep());
  const auto [code, words] = refusal(true);
  EXPECT_EQ(code, ExitCode::file);
  EXPECT_THAT(words, HasSubstr("no sweep.yaml"));
}

TEST_F(RunSessionTest, TwoSessionsCannotShareARun) {
  RunSession first(plan(), false, logger_);
  const auto [code, words] = refusal(true);
  EXPECT_EQ(code, ExitCode::environment);
}

TEST_F(RunSessionTest, ACompleteRunIsRebuiltAndNotBegunAgain) {
  {
    (void)session(false);
    EventLog::Recovery recovery;
    EventLog log(run().events(), recovery);
    log.append(events::Assigned{1, {1}, 1, "here", {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}}});
    for (std::uint32_t trial = 0; trial < 8; ++trial) {
      log.append(events::Reported{2, {1}, report(trial)});
    }
    log.append(events::Completed{3});
  }
  std::ofstream(run().checkpoints() / "left_over") << "of an ended trial";
  const auto events_before = std::filesystem::file_size(run().events());
  RunSession again(plan(), true, logger_);
  ASSERT_TRUE(again.complete());
  EXPECT_EQ(again.conclude_complete().code, ExitCode::done);
  EXPECT_EQ(std::filesystem::file_size(run().events()), events_before);
  EXPECT_TRUE(read_result_file(run().results()).complete);
  EXPECT_TRUE(std::filesystem::is_empty(run().checkpoints()));
}

TEST_F(RunSessionTest, AFolderThatCannotBeWrittenIsNamed) {
  std::ofstream(folder_ / "run") << "a file in the way";
  const auto [code, words] = refusal(false);
  EXPECT_EQ(code, ExitCode::environment);
  EXPECT_THAT(words, testing::AllOf(HasSubstr("run"), HasSubstr("--out")));
}

}  // namespace
}  // namespace fairsweep::apps
