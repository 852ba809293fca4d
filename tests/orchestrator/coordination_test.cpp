#include <gmock/gmock.h>
#include <signal.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "tests/support/sweep_rig.hpp"

namespace fairsweep {
namespace {

using support::SweepRig;
using Kind = SweepEnd::Kind;
using testing::HasSubstr;

const std::map<std::uint32_t, std::vector<MetricValue>>& undisturbed() {
  static const auto results = [] {
    SweepRig rig;
    rig.workers = 1;
    rig.trials_per_pack = 1;
    EXPECT_EQ(rig.run().kind, Kind::complete);
    return rig.results();
  }();
  return results;
}

std::size_t reports_in(const std::vector<Event>& log) {
  return static_cast<std::size_t>(std::count_if(
      log.begin(), log.end(), [](const Event& event) { return std::holds_alternative<events::Reported>(event); }));
}

/// Complete, each trial reported once, with the numbers of the undisturbed run.
void expect_undisturbed(const SweepRig& rig) {
  EXPECT_EQ(rig.results(), undisturbed());
  EXPECT_EQ(reports_in(rig.log), 16U);
  EXPECT_TRUE(std::holds_alternative<events::Completed>(rig.log.back()));
  EXPECT_TRUE(rig.table().completed());
}

class AnyPacking : public testing::TestWithParam<std::tuple<int, std::size_t>> {};

TEST_P(AnyPacking, GivesTheSameResults) {
  SweepRig rig;
  std::tie(rig.workers, rig.trials_per_pack) = GetParam();
  const SweepEnd end = rig.run();
  EXPECT_EQ(end.kind, Kind::complete) << end.message;
  EXPECT_EQ(end.code, ExitCode::done);
  EXPECT_FALSE(end.workers_lost);
  expect_undisturbed(rig);
  for (const auto& [rank, why] : rig.agent_ends) {
    EXPECT_EQ(why, AgentEnd::told) << "rank " << rank;
  }
}

INSTANTIATE_TEST_SUITE_P(Coordination, AnyPacking,
                         testing::Combine(testing::Values(1, 2, 4), testing::Values<std::size_t>(0, 1, 2, 3, 8)));

TEST(Coordination, TheLogReplaysToTheLiveState) {
  SweepRig rig;
  (void)rig.run();
  TrialTable table = rig.table();
  EXPECT_EQ(table.counts().reported, 16U);
  EXPECT_TRUE(table.leases().empty());
}

TEST(Coordination, ACrashedTrainerIsReplacedAndItsTrialsTriedAgain) {
  SweepRig rig;
  rig.trials_per_pack = 3;
  rig.trainer_arguments = {"--fault", "crash", "--trial", "5"};
  EXPECT_EQ(rig.run().kind, Kind::complete);
  expect_undisturbed(rig);
  const TrialTable table = rig.table();
  ASSERT_FALSE(table.trials()[5].failures.empty());
  EXPECT_EQ(table.trials()[5].failures[0].reason, "signal");
  EXPECT_EQ(table.trials()[5].failures[0].signal, SIGSEGV);
  EXPECT_THAT(table.trials()[5].failures[0].log_tail, HasSubstr("about to crash at trial 5"));
}

TEST(Coordination, APoisonTrialFailsAloneAndTheSweepGoesOn) {
  SweepRig rig;
  rig.trials_per_pack = 8;
  rig.retries = 1;
  rig.trainer_arguments = {"--fault", "kill", "--trial", "2", "--attempts", "99"};
  const SweepEnd end = rig.run();
  EXPECT_EQ(end.kind, Kind::incomplete);
  EXPECT_EQ(end.code, ExitCode::incomplete);
  EXPECT_THAT(end.message, HasSubstr("1 of 16 trials failed"));
  auto expected = undisturbed();
  expected.erase(2);
  EXPECT_EQ(rig.results(), expected);
}

TEST(Coordination, AFailureForGoodIsNotTriedAgain) {
  SweepRig rig;
  rig.trainer_arguments = {"--fault", "fail_for_good", "--trial", "3", "--attempts", "99"};
  EXPECT_EQ(rig.run().kind, Kind::incomplete);
  EXPECT_EQ(rig.table().trials()[3].attempts, 1U);
}

TEST(Coordination, AStopGivesWorkBackAndTheNextSessionGoesOn) {
  SweepRig rig;
  rig.trials_per_pack = 2;
  rig.trainer_arguments = {"--seconds", "0.02"};
  rig.stop_when = [](const TrialTable& table) { return table.counts().reported >= 5; };
  const SweepEnd stopped = rig.run();
  EXPECT_EQ(stopped.kind, Kind::stopped);
  EXPECT_EQ(stopped.code, ExitCode::resumable);
  EXPECT_FALSE(stopped.workers_lost);
  EXPECT_TRUE(std::holds_alternative<events::Stopped>(rig.log.back()));
  EXPECT_TRUE(rig.table().leases().empty()) << "everything held was given back";
  EXPECT_LT(rig.results().size(), 16U);
  rig.stop_when = nullptr;
  EXPECT_EQ(rig.run().kind, Kind::complete);
  expect_undisturbed(rig);
}

/// The log as a kill may leave it: cut after any event.
TEST(Coordination, ResumesFromEveryPointOfTheLog) {
  SweepRig whole;
  whole.trials_per_pack = 3;
  (void)whole.run();
  std::mt19937_64 random(std::random_device{}());
  for (int round = 0; round < 12; ++round) {
    const std::size_t kept = random() % whole.log.size();
    SCOPED_TRACE("cut after event " + std::to_string(kept));
    SweepRig rig;
    rig.trials_per_pack = 2;
    rig.log.assign(whole.log.begin(), whole.log.begin() + static_cast<std::ptrdiff_t>(kept));
    EXPECT_EQ(rig.run().kind, Kind::complete);
    expect_undisturbed(rig);
  }
}

TEST(Coordination, AnAgentThatLeavesGivesItsWorkBack) {
  SweepRig rig;
  rig.trials_per_pack = 2;
  rig.trainer_arguments = {"--seconds", "0.03"};
  rig.agent_leaves_when = [](int rank, const TrialTable& table) { return rank == 1 && table.counts().reported > 1; };
  EXPECT_EQ(rig.run().kind, Kind::complete);
  EXPECT_EQ(rig.agent_ends.at(1), AgentEnd::left);
  expect_undisturbed(rig);
}

TEST(Coordination, WithoutWorkersTheRunStopsToBeResumed) {
  SweepRig rig;
  rig.trainer_arguments = {"--seconds", "0.03"};
  rig.agent_leaves_when = [](int, const TrialTable& table) { return table.counts().reported > 1; };
  const SweepEnd end = rig.run();
  EXPECT_EQ(end.code, ExitCode::resumable);
  EXPECT_THAT(end.message, HasSubstr("every worker has left"));
}

TEST(Coordination, ARefusalEndsTheSweepWithItsSentence) {
  SweepRig rig;
  rig.trainer_arguments = {"--fault", "refuse"};
  const SweepEnd end = rig.run();
  EXPECT_EQ(end.kind, Kind::unable);
  EXPECT_EQ(end.code, ExitCode::file) << "the trainer left with exit code 4";
  EXPECT_EQ(end.message, "this trainer has no data");
  EXPECT_EQ(rig.table().counts().pending, 16U) << "no trial is blamed";
  rig.trainer_arguments.clear();
  EXPECT_EQ(rig.run().kind, Kind::complete) << "and it goes on once that is mended";
  expect_undisturbed(rig);
}

TEST(Coordination, OneWorkerThatCannotWorkDoesNotStopTheOthers) {
  SweepRig rig;
  rig.trainer_arguments_of[1] = {"--fault", "die_at_start"};
  rig.trainer_arguments_of[2] = {"--seconds", "0.05"};  // so that there is work for the other, too
  EXPECT_EQ(rig.run().kind, Kind::complete);
  EXPECT_EQ(rig.agent_ends.at(1), AgentEnd::trainer_unusable);
  expect_undisturbed(rig);
}

TEST(Coordination, AFullDiskEndsTheRunAndSendsTheAgentsHome) {
  SweepRig rig;
  rig.disk_full_after = 15;  // in the middle of the work: 1 start, 8 suggestions, then leases and reports
  rig.trials_per_pack = 2;
  EXPECT_THROW((void)rig.run(), UserError);
  for (const auto& [rank, why] : rig.agent_ends) {
    EXPECT_EQ(why, AgentEnd::dismissed) << "rank " << rank;
  }
  EXPECT_EQ(rig.log.size(), 15U);
  rig.disk_full_after = 0;
  EXPECT_EQ(rig.run().kind, Kind::complete) << "and it goes on once there is room";
  expect_undisturbed(rig);
}

TEST(Coordination, ATrainerThatDoesNotStopIsKilled) {
  SweepRig rig;
  rig.trainer_arguments = {"--ignore-stop", "--seconds", "0.05"};
  rig.stop_grace_seconds = 0.2;
  rig.stop_when = [](const TrialTable& table) { return table.counts().reported > 1; };
  EXPECT_EQ(rig.run().kind, Kind::stopped);
  EXPECT_TRUE(rig.table().leases().empty());
}

/// A channel that swallows what its agent sends after a while: a rank that died, or whose network did.
class Mute final : public Channel {
 public:
  Mute(std::unique_ptr<Channel> inner, int messages, int loud_again)
      : inner_(std::move(inner)), mute_from_(messages), loud_again_(loud_again) {}
  [[nodiscard]] int rank() const override { return inner_->rank(); }
  [[nodiscard]] int size() const override { return inner_->size(); }
  void send(int destination, std::span<const std::uint8_t> bytes) override {
    if (sent_ >= mute_from_ && sent_ < loud_again_) {
      held_.emplace_back(bytes.begin(), bytes.end());
    } else {
      for (const auto& late : std::exchange(held_, {})) {
        inner_->send(destination, late);
      }
      inner_->send(destination, bytes);
    }
    ++sent_;
  }
  [[nodiscard]] std::optional<Envelope> try_receive() override { return inner_->try_receive(); }
  std::size_t progress() override { return inner_->progress(); }
  void wait(int milliseconds) override { inner_->wait(milliseconds); }

 private:
  std::unique_ptr<Channel> inner_;
  int mute_from_;
  int loud_again_;
  int sent_ = 0;
  std::vector<std::vector<std::uint8_t>> held_;
};

TEST(Coordination, TrialsOfASilentWorkerRunElsewhere) {
  SweepRig rig;
  rig.trainer_arguments = {"--seconds", "0.1"};  // there is work left when it falls silent, however late it began
  rig.trials_per_pack = 2;
  rig.lease_seconds = 0.5;
  rig.wrap = [](int rank, std::unique_ptr<Channel> channel) -> std::unique_ptr<Channel> {
    if (rank != 1) {
      return channel;
    }
    return std::make_unique<Mute>(std::move(channel), 3, 1000000);
  };
  rig.coordinator_timeout_seconds = 3;
  const SweepEnd end = rig.run();
  EXPECT_EQ(end.kind, Kind::complete);
  EXPECT_TRUE(end.workers_lost);
  EXPECT_EQ(rig.agent_ends.at(1), AgentEnd::coordinator_silent);
  expect_undisturbed(rig);
  EXPECT_TRUE(std::any_of(rig.log.begin(), rig.log.end(), [](const Event& event) {
    const auto* expired = std::get_if<events::LeaseExpired>(&event);
    return expired != nullptr && expired->reason == "silent";
  }));
}

/// A channel that knows of deaths, as MPI with fault tolerance does.
class Obituary final : public Channel {
 public:
  explicit Obituary(std::unique_ptr<Channel> inner) : inner_(std::move(inner)) {}
  void tell(int rank) { dead_ = rank; }
  [[nodiscard]] int rank() const override { return inner_->rank(); }
  [[nodiscard]] int size() const override { return inner_->size(); }
  void send(int destination, std::span<const std::uint8_t> bytes) override { inner_->send(destination, bytes); }
  [[nodiscard]] std::optional<Envelope> try_receive() override { return inner_->try_receive(); }
  std::size_t progress() override { return inner_->progress(); }
  void wait(int milliseconds) override { inner_->wait(milliseconds); }
  [[nodiscard]] bool is_dead(int rank) const override { return rank == dead_; }

 private:
  std::unique_ptr<Channel> inner_;
  std::atomic<int> dead_{-1};
};

TEST(Coordination, AnAgentWhoseCoordinatorIsDeadEnds) {
  SweepRig rig;
  rig.trials_per_pack = 1;
  rig.trainer_arguments = {"--seconds", "0.1"};
  rig.lease_seconds = 0.5;
  rig.wrap = [](int rank, std::unique_ptr<Channel> channel) -> std::unique_ptr<Channel> {
    if (rank != 1) {
      return channel;
    }
    auto told = std::make_unique<Obituary>(std::move(channel));
    told->tell(0);
    return told;
  };
  EXPECT_EQ(rig.run().kind, Kind::complete);  // the other goes on: here the news was wrong
  EXPECT_EQ(rig.agent_ends.at(1), AgentEnd::coordinator_silent);
  expect_undisturbed(rig);
}

/// A coordinator alone with hand-written agents: what each reply must say.
class Conversation : public testing::Test {
 protected:
  /// @param assembly_seconds  negative: nobody is waited for
  explicit Conversation(Deadline deadline = {}, double assembly_seconds = -1) : channels_(make_loopback_channels(3)) {
    auto obituary = std::make_unique<Obituary>(std::move(channels_[0]));
    obituary_ = obituary.get();
    channels_[0] = std::move(obituary);
    CoordinatorOptions options;
    options.configurations = 2;
    options.lease_seconds = 10;
    options.setup.sweep = "conversation";
    options.monotonic = [this] {
      const double time = clock_;
      ++looks_;
      return time;
    };
    options.time = [this] { return clock_.load(); };
    options.stop_requested = [this] { return stop_.load(); };
    options.logger = spdlog::default_logger();
    options.logger->set_level(spdlog::level::off);
    sink_ = {[this](const Event& event) {
               log_.push_back(event);
               return log_.size();
             },
             [this] { return durable_.load(); }};
    options.deadline = deadline;
    options.assembly_seconds = assembly_seconds;
    coordinator_ =
        std::make_unique<Coordinator>(*channels_[0], sink_, table_, dispatch_, *strategy_, durations_, options);
    thread_ = std::thread([this] { end_ = coordinator_->run(); });
  }
  ~Conversation() override {
    if (thread_.joinable()) {
      stop_ = true;
      WorkerRequest goodbye;
      goodbye.leaving = true;
      for (const std::size_t rank : {1, 2}) {  // without waiting: it ends when one has left and the other is silent
        goodbye.sequence = ++sequence_[rank];
        channels_[rank]->send(0, encode(goodbye));
      }
      thread_.join();
    }
  }
  CoordinatorReply ask(std::size_t rank, WorkerRequest request) {
    request.sequence = ++sequence_[rank];
    channels_[rank]->send(0, encode(request));
    while (true) {
      if (const auto envelope = channels_[rank]->try_receive()) {
        return decode_reply(envelope->bytes);
      }
      channels_[rank]->wait(100);
    }
  }
  /// Until the coordinator has seen the clock as it is now; it looks once a turn.
  void wait_for_a_look() {
    const std::uint64_t before = looks_;
    while (looks_ < before + 2) {  // the next may have read the clock before it moved
      std::this_thread::yield();
    }
  }
  Assignment work_for(std::size_t rank) {
    WorkerRequest request;
    request.wants_work = true;
    const CoordinatorReply reply = ask(rank, request);
    EXPECT_EQ(reply.work.size(), 1U);
    return reply.work.at(0);
  }
  static WorkerRequest report_of(const Assignment& assignment) {
    WorkerRequest request;
    for (const TrialOrder& order : assignment.trials) {
      TrialReport report;
      report.trial = order.trial;
      request.reports.push_back({assignment.lease, report});
    }
    request.finished = {assignment.lease};
    return request;
  }

  std::vector<std::unique_ptr<Channel>> channels_;
  Obituary* obituary_ = nullptr;  ///< channels_[0]
  TrialTable table_{TrialRules{1, 2, 10}};
  Dispatch dispatch_{{1, 2, [](const Settings& sampled) { return sampled; }, [](const Settings&) { return "one"; }}};
  std::unique_ptr<SearchStrategy> strategy_ = make_strategy("random", {}, {});
  Durations durations_{[](TrialId) { return std::size_t{0}; }};
  EventSink sink_;
  std::vector<Event> log_;
  std::atomic<double> clock_{0};
  std::atomic<std::uint64_t> looks_{0};
  std::atomic<std::uint64_t> durable_{0};
  std::atomic<bool> stop_{false};
  std::map<std::size_t, std::uint64_t> sequence_;
  std::unique_ptr<Coordinator> coordinator_;
  std::thread thread_;
  SweepEnd end_;
};

TEST_F(Conversation, AHelloIsAnsweredWithTheSetup) {
  channels_[1]->send(0, encode(WorkerRequest{}));
  std::optional<Envelope> envelope;
  while (!(envelope = channels_[1]->try_receive())) {
    channels_[1]->wait(100);
  }
  const ToTrainer message =
      parse_to_trainer({reinterpret_cast<const char*>(envelope->bytes.data()), envelope->bytes.size()});
  EXPECT_EQ(std::get<TrainerSetup>(message).sweep, "conversation");
}

TEST_F(Conversation, ALateReportIsIgnoredAndItsLeaseRevoked) {
  const Assignment lost = work_for(1);
  Assignment again;
  for (int turn = 0; turn < 1000 && again.trials.empty(); ++turn) {
    clock_ = clock_ + 0.1;  // in steps, or the coordinator would take itself for held up
    WorkerRequest request;
    request.wants_work = true;
    const CoordinatorReply reply = ask(2, request);
    for (const Assignment& each : reply.work) {
      if (each.trials[0].trial == lost.trials[0].trial) {
        again = each;
      }
    }
  }
  ASSERT_FALSE(again.trials.empty()) << "the silent worker's trial was not handed out again";
  const CoordinatorReply late = ask(1, report_of(lost));
  EXPECT_THAT(late.revoked, testing::ElementsAre(lost.lease));
  WorkerRequest holding;
  holding.holding = {lost.lease};
  EXPECT_THAT(ask(1, holding).revoked, testing::ElementsAre(lost.lease));
  EXPECT_TRUE(ask(2, report_of(again)).revoked.empty());
  EXPECT_THAT(ask(2, report_of(again)).revoked, testing::ElementsAre(again.lease)) << "said twice, counted once";
  EXPECT_EQ(reports_in(log_), 1U);
}

TEST_F(Conversation, TrialsOfADeadWorkerGoToOthersAtOnce) {
  const Assignment lost = work_for(1);
  const Assignment other = work_for(2);
  obituary_->tell(1);
  wait_for_a_look();  // the clock stands still: no lease runs out
  const Assignment again = work_for(2);
  EXPECT_EQ(again.trials[0].trial, lost.trials[0].trial);
  EXPECT_EQ(again.trials[0].attempt, 1U);
  (void)ask(2, report_of(other));
  WorkerRequest last = report_of(again);
  last.leaving = true;
  (void)ask(2, last);
  thread_.join();  // the dead are not waited for
  EXPECT_EQ(end_.kind, Kind::complete);
  EXPECT_TRUE(end_.workers_lost);
  EXPECT_EQ(std::count_if(log_.begin(), log_.end(),
                          [](const Event& event) {
                            const auto* expired = std::get_if<events::LeaseExpired>(&event);
                            return expired != nullptr && expired->reason == "dead";
                          }),
            1);
}

TEST_F(Conversation, AcknowledgesWhatIsOnTheDiskAndNotMore) {
  const Assignment work = work_for(1);
  const CoordinatorReply unsettled = ask(1, report_of(work));
  EXPECT_EQ(unsettled.durable_sequence, 0U);
  durable_ = 1000;
  EXPECT_EQ(ask(1, {}).durable_sequence, 3U);
}

TEST_F(Conversation, BytesThatAreNoRequestAreIgnored) {
  channels_[2]->send(0, std::vector<std::uint8_t>{1, 2, 3});
  EXPECT_EQ(work_for(2).trials.size(), 1U);
}

TEST_F(Conversation, SaysStopToEveryoneOnceNothingIsLeft) {
  const Assignment first = work_for(1);
  const Assignment second = work_for(2);
  EXPECT_FALSE(ask(1, report_of(first)).stop);
  EXPECT_TRUE(ask(2, report_of(second)).stop);
  WorkerRequest goodbye;
  goodbye.leaving = true;
  EXPECT_TRUE(ask(1, goodbye).stop);
  EXPECT_TRUE(ask(2, goodbye).stop);
  thread_.join();
  EXPECT_EQ(end_.kind, Kind::complete);
  EXPECT_TRUE(std::holds_alternative<events::Completed>(log_.back()));
}

TEST_F(Conversation, AFinishedLeaseWithOpenTrialsGoesBack) {
  const Assignment work = work_for(1);
  WorkerRequest request;
  request.finished = {work.lease};
  (void)ask(1, request);
  const Assignment again = work_for(2);
  EXPECT_EQ(again.trials[0].trial, work.trials[0].trial);
  EXPECT_EQ(again.trials[0].attempt, 1U);
}

/// The job ends at 1000 s; 100 s are kept for the end.
class ConversationBeforeADeadline : public Conversation {
 protected:
  ConversationBeforeADeadline() : Conversation(Deadline(0, 1000, 100)) {}

  /// Rank 1 holds its lease until `time`. Returns the last reply.
  CoordinatorReply hold_until(const Assignment& work, double time) {
    CoordinatorReply reply;
    while (clock_ < time) {
      clock_ = std::min(clock_ + 2, time);  // in steps, or the coordinator would take itself for held up
      WorkerRequest request;
      request.holding = {work.lease};
      wait_for_a_look();
      reply = ask(1, request);
    }
    return reply;
  }
  void expect_end_of_job() {
    WorkerRequest goodbye;
    goodbye.leaving = true;
    (void)ask(2, goodbye);  // first, since the coordinator ends when rank 1 has left and rank 2 is silent
    (void)ask(1, goodbye);
    thread_.join();
    EXPECT_EQ(end_.kind, Kind::stopped);
    EXPECT_EQ(end_.code, ExitCode::resumable);
    EXPECT_THAT(end_.message, HasSubstr("end of the job"));
    EXPECT_TRUE(std::holds_alternative<events::Stopped>(log_.back()));
  }
};

TEST_F(ConversationBeforeADeadline, WhatRunsIsStoppedInTime) {
  const Assignment work = work_for(1);
  EXPECT_FALSE(hold_until(work, 899).stop);
  const CoordinatorReply reply = hold_until(work, 901);
  EXPECT_TRUE(reply.stop);
  EXPECT_DOUBLE_EQ(reply.grace_seconds, 1000 - 25 - 901);
  expect_end_of_job();
}

TEST_F(ConversationBeforeADeadline, NothingBeginsThatWouldNotReachItsCheckpoint) {
  const Assignment work = work_for(1);
  (void)hold_until(work, 400);  // the other trial would be at its first checkpoint at 900, in the reserve
  WorkerRequest request = report_of(work);
  request.wants_work = true;
  CoordinatorReply reply = ask(1, request);
  for (int turn = 0; turn < 100 && !reply.stop; ++turn) {  // until rank 2 is called silent
    EXPECT_TRUE(reply.work.empty());
    clock_ = clock_ + 0.1;
    wait_for_a_look();
    request = {};
    request.wants_work = true;
    reply = ask(1, request);
  }
  EXPECT_TRUE(reply.stop) << "nothing runs, and who might begin is silent";
  expect_end_of_job();
}

TEST_F(ConversationBeforeADeadline, AWorkerThatHadNothingYetMayTry) {
  const Assignment work = work_for(1);
  (void)hold_until(work, 400);
  (void)ask(2, {});
  WorkerRequest request = report_of(work);
  request.wants_work = true;
  EXPECT_FALSE(ask(1, request).stop);
  EXPECT_EQ(work_for(2).trials.size(), 1U);
}

TEST_F(ConversationBeforeADeadline, AWorkerLearnsWhatSilenceIsTooLong) {
  WorkerRequest request;
  request.wants_work = true;
  const CoordinatorReply first = ask(1, request);
  ASSERT_EQ(first.work.size(), 1U);
  EXPECT_EQ(first.silence_seconds, 0) << "nobody knows yet";
  (void)hold_until(first.work[0], 10);
  request = report_of(first.work[0]);
  request.wants_work = true;
  EXPECT_DOUBLE_EQ(ask(1, request).silence_seconds, 200) << "20 times the 10 s of the first trial";
}

/// Nobody gets work before everybody has said where he is, or 60 s have passed.
class ConversationAtTheStart : public Conversation {
 protected:
  ConversationAtTheStart() : Conversation({}, 60) {}

  CoordinatorReply arrive(std::size_t rank, const std::string& device) {
    WorkerRequest request;
    request.host = "n1";
    request.wants_work = true;
    request.place = {{static_cast<std::int64_t>(rank), device, 4, 1, 1024}};
    return ask(rank, request);
  }
};

TEST_F(ConversationAtTheStart, WorkBeginsWhenAllAreHere) {
  EXPECT_TRUE(arrive(1, "GPU-a").work.empty());
  EXPECT_EQ(arrive(2, "GPU-b").work.size(), 1U);
  EXPECT_EQ(work_for(1).trials.size(), 1U);
}

TEST_F(ConversationAtTheStart, ADeviceForTwoEndsTheRunBeforeAnyTrial) {
  EXPECT_TRUE(arrive(1, "GPU-a").work.empty());
  const CoordinatorReply reply = arrive(2, "GPU-a");
  EXPECT_TRUE(reply.work.empty());
  EXPECT_TRUE(reply.stop);
  WorkerRequest goodbye;
  goodbye.leaving = true;
  (void)ask(1, goodbye);
  (void)ask(2, goodbye);
  thread_.join();
  EXPECT_EQ(end_.kind, Kind::unable);
  EXPECT_EQ(end_.code, ExitCode::configuration);
  EXPECT_THAT(end_.message, HasSubstr("ranks 1, 2 on host n1 have the same device, GPU-a"));
  EXPECT_TRUE(std::none_of(log_.begin(), log_.end(),
                           [](const Event& event) { return std::holds_alternative<events::Assigned>(event); }));
}

TEST_F(ConversationAtTheStart, WhoDoesNotComeIsNotWaitedForForever) {
  EXPECT_TRUE(arrive(1, "").work.empty());
  WorkerRequest request;
  request.wants_work = true;
  CoordinatorReply reply;
  for (int turn = 0; turn < 100 && reply.work.empty(); ++turn) {
    clock_ = clock_ + 1;
    wait_for_a_look();
    reply = ask(1, request);
  }
  EXPECT_EQ(reply.work.size(), 1U);
  EXPECT_GE(clock_, 60);
}

TEST(Dismissal, SendsEveryAgentHome) {
  auto channels = make_loopback_channels(3);
  std::vector<std::thread> agents;
  std::atomic<int> sent_home{0};
  for (std::size_t rank = 1; rank < 3; ++rank) {
    agents.emplace_back([&, rank] {
      if (!Agent::ask_for_setup(*channels[rank], 0, 30)) {
        ++sent_home;
      }
    });
  }
  dismiss_agents(*channels[0]);
  for (std::thread& agent : agents) {
    agent.join();
  }
  EXPECT_EQ(sent_home, 2);
}

}  // namespace
}  // namespace fairsweep
