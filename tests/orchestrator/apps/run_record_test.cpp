#include "orchestrator/apps/run_record.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "orchestrator/apps/result_publisher.hpp"
#include "orchestrator/apps/run_status.hpp"
#include "results/log/event_log.hpp"
#include "results/store/result_file.hpp"
#include "tests/orchestrator/apps/run_fixture.hpp"

namespace fairsweep::apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RunRecordTest : public RunFixture {
 protected:
  /// Two sessions: configuration 0 is half done in the first and ended in the second, whose worker still has another.
  static std::vector<Event> two_sessions() {
    events::Started first = started(100, false);
    first.provenance = {{"host", "a"}, {"fairsweep", "0.1.0"}};
    events::Started second = started(1000, true);
    second.provenance = {{"host", "b"}, {"fairsweep", "0.1.0"}};
    TrialFailure failure;
    failure.trial = {1};
    failure.reason = "signal";
    failure.signal = 9;
    return {first,
            events::Suggested{101, {{0}, {{"training.learning_rate", 0.01}}}},
            events::Suggested{101, {{1}, {{"training.learning_rate", 0.02}}}},
            events::Assigned{102, {1}, 1, "a", {{0}}},
            events::TrainerStarted{103, 1, "a", {{"torch", "1.13"}}},
            events::Reported{104, {1}, report(0)},
            events::Assigned{105, {2}, 1, "a", {{1}}},
            events::Failed{110, {2}, failure},
            events::Stopped{120, "a stop was asked for"},
            second,
            events::TrainerStarted{1001, 2, "b", {{"torch", "2.6"}}},
            events::Assigned{1002, {3}, 2, "b", {{1}}},
            events::Reported{1010, {3}, report(1)},
            events::Assigned{1011, {4}, 2, "b", {{2}}}};
  }
  void write_run(const std::vector<Event>& events) const {
    const RunDirectory run(folder_);
    run.prepare();
    std::ofstream(run.sweep()) << sweep().resolved;
    EventLog::Recovery recovery;
    EventLog log(run.events(), recovery);
    for (const Event& event : events) {
      log.append(event);
    }
  }
};

TEST_F(RunRecordTest, HoldsWhatTheEventsSay) {
  const RunRecord record = make_run_record(two_sessions(), sweep(), "events.log");
  EXPECT_EQ(record.sweep, "small");
  EXPECT_EQ(record.configuration_digest, sweep().digest);
  EXPECT_EQ(record.declaration.at("population"), "nobody");
  EXPECT_EQ(record.wanted_configurations, 4U);
  EXPECT_EQ(record.configurations.size(), 2U);
  ASSERT_EQ(record.trials.size(), 4U);
  EXPECT_EQ(record.trials[0].state, TrialState::reported);
  EXPECT_EQ(record.trials[0].metrics.size(), 2U);
  EXPECT_EQ(record.trials[1].attempts, 2U);
  EXPECT_EQ(record.trials[1].failures.size(), 1U);
  EXPECT_EQ(record.trials[1].host, "b");
  EXPECT_EQ(record.trials[2].state, TrialState::running);
  EXPECT_EQ(record.trials[3].state, TrialState::pending);
  EXPECT_EQ(record.events.size(), two_sessions().size());
  EXPECT_EQ(record.started, 100);
  EXPECT_EQ(record.seconds, 20 + 11) << "the time between the sessions is not running time";
  EXPECT_FALSE(record.complete);
}

TEST_F(RunRecordTest, KeepsWhatEachSessionAndTrainerRanOn) {
  const RunRecord record = make_run_record(two_sessions(), sweep(), "events.log");
  EXPECT_EQ(record.provenance.at("host"), "a");
  EXPECT_EQ(record.provenance.at("host (session 2)"), "b");
  EXPECT_EQ(record.provenance.count("fairsweep (session 2)"), 0U) << "the same as before";
  EXPECT_EQ(record.provenance.at("trainer.torch"), "1.13");
  EXPECT_EQ(record.provenance.at("trainer.torch (session 2, worker 2)"), "2.6");
}

TEST_F(RunRecordTest, ImpossibleEventsNameTheLog) {
  try {
    (void)make_run_record({started(1, false), events::Completed{2}, events::Suggested{3, {{7}, {}}}}, sweep(), "x.log");
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("x.log: event 3"));
  }
}

TEST_F(RunRecordTest, RebuildWritesTheRecord) {
  write_run(two_sessions());
  rebuild_results(RunDirectory(folder_));
  EXPECT_EQ(read_result_file(folder_ / "results.h5"), read_run(RunDirectory(folder_)));
}

TEST_F(RunRecordTest, FoldersThatAreNoRunSaySo) {
  for (const char* missing : {"sweep.yaml", "events.log"}) {
    write_run(two_sessions());
    std::filesystem::remove(folder_ / missing);
    try {
      (void)read_run(RunDirectory(folder_));
      FAIL() << "no error without " << missing;
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::file);
      EXPECT_THAT(error.what(), HasSubstr(missing));
    }
  }
}

TEST_F(RunRecordTest, StatusCountsTheLastSession) {
  write_run(two_sessions());
  const RunStatus status = read_status(RunDirectory(folder_), 1015);
  EXPECT_EQ(status.state, "running");
  EXPECT_EQ(status.wanted, 8U);
  EXPECT_EQ(status.counts.reported, 2U);
  EXPECT_EQ(status.counts.running, 1U);
  EXPECT_EQ(status.open(), 5U);
  EXPECT_EQ(status.age, 4);
  EXPECT_FALSE(status.seems_dead());
  EXPECT_DOUBLE_EQ(status.rate.value(), 1 / 15.0);
  EXPECT_DOUBLE_EQ(status.seconds_left.value(), 6 * 15.0);
  ASSERT_EQ(status.workers.size(), 1U) << "of the last session only";
  EXPECT_EQ(status.workers.at(2).host, "b");
  EXPECT_EQ(status.workers.at(2).running, 1U);
  EXPECT_EQ(status.workers.at(2).ended, 1U);
  EXPECT_EQ(status.workers.at(2).last_sign, 1011);
}

TEST_F(RunRecordTest, StatusDoubtsARunThatHasBeenSilentForLong) {
  write_run(two_sessions());
  const RunStatus status = read_status(RunDirectory(folder_), 9000);
  EXPECT_TRUE(status.seems_dead());
  EXPECT_FALSE(status.seconds_left);
  EXPECT_DOUBLE_EQ(status.rate.value(), 1 / 11.0);
}

TEST_F(RunRecordTest, StatusOfARunThatHasNotBegun) {
  write_run({});
  const RunStatus status = read_status(RunDirectory(folder_), 1);
  EXPECT_EQ(status.state, "not begun");
  EXPECT_EQ(status.open(), 0U);
}

TEST_F(RunRecordTest, ThePublisherKeepsTheResultsYoungAndSurvivesABadDay) {
  write_run(two_sessions());
  const RunDirectory run(folder_);
  ResultPublisher publisher(run, make_logger("test", LogLevel::error), 0.001);
  const auto turn_until = [&](const auto& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds() && std::chrono::steady_clock::now() < end) {
      publisher.turn();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return holds();
  };
  EXPECT_TRUE(turn_until([&] { return std::filesystem::exists(run.results()); }));
  std::filesystem::rename(run.sweep(), folder_ / "hidden");
  std::filesystem::remove(run.results());
  for (int i = 0; i < 20; ++i) {
    publisher.turn();  // cannot write, says so in the log, and goes on
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_THROW(publisher.finish(), UserError);
  std::filesystem::rename(folder_ / "hidden", run.sweep());
  std::filesystem::remove(run.results());
  EXPECT_TRUE(turn_until([&] { return std::filesystem::exists(run.results()); }));
  publisher.finish();
  EXPECT_EQ(read_result_file(run.results()).trials.size(), 4U);
}

TEST_F(RunRecordTest, ADiskThatRefusesTheResultsIsAWarningInMidRunAndAnErrorAtTheEnd) {
  const RunDirectory run(folder_);
  write_run({started(1, false), events::Suggested{2, {{0}, {}}}});
  std::filesystem::create_directories(run.results() / "in the way");
  std::ostringstream words;
  const auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(words));
  ResultPublisher publisher(run, logger, 0.001);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (words.str().empty() && std::chrono::steady_clock::now() < end) {
    publisher.turn();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_THAT(words.str(),
              HasSubstr("results.h5 was not written this time: cannot replace \"" + run.results().string()));
  try {
    publisher.finish();
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::environment);
    EXPECT_THAT(error.what(), HasSubstr("Is a directory; a folder is in the way"));
  }
}

TEST_F(RunRecordTest, ARunWithoutAnEventSaysThatNothingHasHappened) {
  const auto refusal = [this] {
    try {
      rebuild_results(RunDirectory(folder_));
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::file);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const RunDirectory run(folder_);
  EXPECT_EQ(refusal(), folder_.string() + ": is no run directory, it has no sweep.yaml");
  std::ofstream(run.lease()) << "{}";
  EXPECT_EQ(refusal(), folder_.string() +
                           ": nothing has happened here yet, it has no sweep.yaml; begin it with `fairsweep run "
                           "--resume`");
  write_run({});
  EXPECT_EQ(refusal(), folder_.string() +
                           ": nothing has happened here yet, its events.log holds no event; go on with `fairsweep run "
                           "--resume`");
}

}  // namespace
}  // namespace fairsweep::apps
