#include "workers/agent/trainer_supervisor.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

class SupervisorTest : public testing::Test {
 protected:
  static SupervisorOptions options(std::vector<std::string> arguments) {
    SupervisorOptions options;
    options.launch.launcher = {NOOP_TRAINER, "launch-trainer"};
    options.launch.command = {NOOP_TRAINER};
    options.launch.command.insert(options.launch.command.end(), arguments.begin(), arguments.end());
    options.launch.threads = 3;
    options.setup.groups = {"few"};
    options.setup.metrics = {"accuracy"};
    options.objectives = {{"accuracy", "few", Direction::maximise, "1"}};
    return options;
  }
  static Assignment pack(std::uint32_t trials, std::uint32_t attempt = 0) {
    Assignment assignment;
    assignment.lease = {7};
    for (std::uint32_t i = 0; i < trials; ++i) {
      assignment.trials.push_back({{i}, {i}, 0, attempt, {{"x", 0.5}}});
    }
    return assignment;
  }
  /// Turns until the pack has ended, the trainer is unusable, or `seconds` are over.
  TrialNews work(TrainerSupervisor& supervisor, double seconds = 20) {
    TrialNews all;
    for (const double end = now() + seconds; now() < end && !supervisor.unusable();) {
      supervisor.turn(now(), 5);
      TrialNews news = supervisor.take_news();
      all.reports.insert(all.reports.end(), news.reports.begin(), news.reports.end());
      all.failures.insert(all.failures.end(), news.failures.begin(), news.failures.end());
      all.progress.insert(all.progress.end(), news.progress.begin(), news.progress.end());
      if (supervisor.pack_ended()) {
        break;
      }
      if (!supervisor.running()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    return all;
  }
  /// The one failure of a pack of one under this fault.
  TrialFailure failure_under(std::vector<std::string> fault, double silence_seconds = 0) {
    SupervisorOptions with = options(std::move(fault));
    with.silence_seconds = silence_seconds;
    TrainerSupervisor supervisor(with);
    supervisor.begin(pack(1));
    const TrialNews news = work(supervisor);
    EXPECT_TRUE(supervisor.pack_ended());
    EXPECT_EQ(news.failures.size(), 1U);
    EXPECT_TRUE(news.reports.empty());
    return news.failures.empty() ? TrialFailure{} : news.failures[0];
  }
};

TEST_F(SupervisorTest, PacksAreReportedOneAfterTheOtherByOneTrainer) {
  TrainerSupervisor supervisor(options({}));
  for (int round = 0; round < 3; ++round) {
    supervisor.begin(pack(4));
    const TrialNews news = work(supervisor);
    EXPECT_EQ(news.reports.size(), 4U);
    EXPECT_TRUE(news.failures.empty());
    ASSERT_TRUE(supervisor.pack_ended());
    EXPECT_EQ(supervisor.finish(), LeaseId{7});
    EXPECT_TRUE(supervisor.running());
  }
  EXPECT_EQ(supervisor.provenance().at("trainer"), "noop");
  EXPECT_EQ(supervisor.provenance().at("threads"), "3") << "the launcher sets OMP_NUM_THREADS";
}

TEST_F(SupervisorTest, ASignalIsRecordedWithTheLastWords) {
  const TrialFailure failure = failure_under({"--fault", "crash"});
  EXPECT_EQ(failure.reason, "signal");
  EXPECT_EQ(failure.signal, SIGSEGV);
  EXPECT_EQ(failure.stage, "training");
  EXPECT_TRUE(failure.retryable);
  EXPECT_THAT(failure.log_tail, HasSubstr("about to crash at trial 0"));
  EXPECT_EQ(failure_under({"--fault", "kill"}).signal, SIGKILL);
}

TEST_F(SupervisorTest, AnEarlyExitIsRecordedWithItsCode) {
  const TrialFailure failure = failure_under({"--fault", "exit"});
  EXPECT_EQ(failure.reason, "exit");
  EXPECT_EQ(failure.exit_code, 9);
  EXPECT_THAT(failure.log_tail, HasSubstr("leaving early"));
}

TEST_F(SupervisorTest, ASilentTrainerIsKilled) {
  EXPECT_EQ(failure_under({"--fault", "hang"}, 3).reason, "timeout");
  EXPECT_EQ(failure_under({"--fault", "stop"}, 3).reason, "timeout") << "a stopped process can be killed, too";
}

TEST_F(SupervisorTest, WhatIsUsualSaysWhenATrainerHangs) {
  TrainerSupervisor supervisor(options({"--fault", "hang"}));
  supervisor.begin(pack(1), 2);
  const TrialNews news = work(supervisor);
  ASSERT_EQ(news.failures.size(), 1U);
  EXPECT_EQ(news.failures[0].reason, "timeout");
  EXPECT_THAT(news.failures[0].message, HasSubstr("for 2 s, far longer than is usual"));
}

TEST_F(SupervisorTest, ATrainerThatSomebodyElseStoppedGivesItsTrialsBack) {
  for (const char* how : {"terminated", "stopped_by_signal"}) {
    SCOPED_TRACE(how);
    TrainerSupervisor supervisor(options({"--fault", how, "--attempts", "100"}));
    for (int round = 0; round < TrainerSupervisor::k_most_returns; ++round) {
      supervisor.begin(pack(2));
      const TrialNews news = work(supervisor);
      EXPECT_TRUE(news.failures.empty());
      EXPECT_TRUE(supervisor.pack_ended());
      (void)supervisor.finish();
    }
    supervisor.begin(pack(2));
    EXPECT_EQ(work(supervisor).failures.size(), 2U) << "it never gets anywhere";
  }
}

TEST_F(SupervisorTest, TheSignalOfAJobsEndIsNotForTheTrainer) {
  TrainerSupervisor supervisor(options({"--fault", "user_signal"}));
  supervisor.begin(pack(2));
  EXPECT_EQ(work(supervisor).reports.size(), 2U);
}

TEST_F(SupervisorTest, WhateverIsNoMessageEndsTheTrainer) {
  for (const char* fault : {"garbage", "wrong_trial", "endless_line", "close_output"}) {
    const TrialFailure failure = failure_under({"--fault", fault});
    EXPECT_EQ(failure.reason, "bad_message") << fault;
    EXPECT_THAT(failure.message, HasSubstr("broke the protocol")) << fault;
    EXPECT_TRUE(failure.retryable) << fault;
  }
}

TEST_F(SupervisorTest, AReportWithoutWhatTheFrontNeedsIsAFailure) {
  const TrialFailure failure = failure_under({"--fault", "no_metrics"});
  EXPECT_EQ(failure.reason, "missing_metric");
  EXPECT_THAT(failure.message, HasSubstr("accuracy of few"));
  EXPECT_FALSE(failure.retryable);
}

TEST_F(SupervisorTest, TheRestOfACrashedPackFailsWithItAndTheNextPackWorks) {
  TrainerSupervisor supervisor(options({"--fault", "crash", "--trial", "2"}));
  supervisor.begin(pack(4));
  const TrialNews news = work(supervisor);
  EXPECT_EQ(news.reports.size(), 2U);
  EXPECT_EQ(news.failures.size(), 2U);
  (void)supervisor.finish();
  supervisor.begin(pack(4, 1));
  EXPECT_EQ(work(supervisor).reports.size(), 4U) << "by a new trainer";
}

TEST_F(SupervisorTest, ATrialsOwnFailureIsPassedOn) {
  const TrialFailure failure = failure_under({"--fault", "fail_for_good"});
  EXPECT_EQ(failure.reason, "non_finite_loss");
  EXPECT_FALSE(failure.retryable);
}

TEST_F(SupervisorTest, ARefusalMakesItUnusable) {
  TrainerSupervisor supervisor(options({"--fault", "refuse"}));
  supervisor.begin(pack(2));
  EXPECT_TRUE(work(supervisor).failures.empty()) << "no trial is blamed";
  ASSERT_TRUE(supervisor.unusable());
  EXPECT_EQ(supervisor.unusable()->reason, "refused");
  EXPECT_EQ(supervisor.unusable()->message, "this trainer has no data");
  EXPECT_EQ(supervisor.unusable()->exit_code, 4);
}

TEST_F(SupervisorTest, AnotherProtocolMakesItUnusable) {
  TrainerSupervisor supervisor(options({"--fault", "wrong_protocol"}));
  supervisor.begin(pack(1));
  (void)work(supervisor);
  ASSERT_TRUE(supervisor.unusable());
  EXPECT_THAT(supervisor.unusable()->message, HasSubstr("protocol 999"));
}

TEST_F(SupervisorTest, ThreeDeathsAtTheStartMakeItUnusable) {
  SupervisorOptions missing = options({});
  missing.launch.command = {"/no/such/trainer"};
  for (const SupervisorOptions& each : {options({"--fault", "die_at_start"}), missing}) {
    TrainerSupervisor supervisor(each);
    supervisor.begin(pack(1));
    (void)work(supervisor);
    ASSERT_TRUE(supervisor.unusable());
    EXPECT_EQ(supervisor.unusable()->reason, "start");
    EXPECT_EQ(supervisor.unusable()->stage, "start");
    EXPECT_THAT(supervisor.unusable()->message, HasSubstr("3 times in a row"));
  }
}

TEST_F(SupervisorTest, AMissingProgramIsNamed) {
  SupervisorOptions missing = options({});
  missing.launch.command = {"/no/such/trainer"};
  TrainerSupervisor supervisor(missing);
  supervisor.begin(pack(1));
  (void)work(supervisor);
  ASSERT_TRUE(supervisor.unusable());
  EXPECT_THAT(supervisor.unusable()->message, HasSubstr("cannot start the trainer \"/no/such/trainer\""));
}

TEST_F(SupervisorTest, ProgressIsThinnedOut) {
  SupervisorOptions often = options({"--progress", "--seconds", "0.01"});
  TrainerSupervisor supervisor(often);
  supervisor.begin(pack(3));
  EXPECT_EQ(work(supervisor).progress.size(), 3U) << "the first of each trial";
}

TEST_F(SupervisorTest, ATrainerAskedToStopLeavesAndItsTrialsDoNotFail) {
  TrainerSupervisor supervisor(options({"--seconds", "0.05"}));
  supervisor.begin(pack(2));
  for (const double end = now() + 20; now() < end && supervisor.provenance().empty();) {
    supervisor.turn(now(), 5);
  }
  supervisor.ask_to_stop();
  for (const double end = now() + 20; now() < end && supervisor.running();) {
    supervisor.turn(now(), 5);
  }
  EXPECT_FALSE(supervisor.running());
  EXPECT_TRUE(supervisor.take_news().failures.empty());
  supervisor.turn(now(), 5);
  EXPECT_FALSE(supervisor.running()) << "and is not started again";
}

TEST_F(SupervisorTest, TheLogGetsEveryWordOfStderr) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "fairsweep_supervisor_log";
  std::filesystem::remove(file);
  SupervisorOptions with = options({"--fault", "exit"});
  with.launch.log_file = file.string();
  TrainerSupervisor supervisor(with);
  supervisor.begin(pack(1));
  (void)work(supervisor);
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), "leaving early\n");
}

TEST_F(SupervisorTest, ALogThatCannotBeWrittenIsAUserError) {
  SupervisorOptions with = options({});
  with.launch.log_file = "/no/such/folder/log";
  TrainerSupervisor supervisor(with);
  supervisor.begin(pack(1));
  EXPECT_THROW(supervisor.turn(now(), 0), UserError);
}

}  // namespace
}  // namespace fairsweep
