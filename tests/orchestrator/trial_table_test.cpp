#include "orchestrator/trial_table.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"
#include "tests/orchestrator/random_schedule.hpp"

namespace fairsweep {
namespace {

using State = TableTrial::State;
using testing::ElementsAre;

class TrialTableTest : public testing::Test {
 protected:
  void suggest(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto id = static_cast<std::uint32_t>(table_.configurations().size());
      (void)table_.apply(events::Suggested{0, {{id}, {}}});
    }
  }
  LeaseId assign(std::vector<TrialId> trials, std::uint32_t worker = 1) {
    const LeaseId lease = table_.next_lease();
    (void)table_.apply(events::Assigned{0, lease, worker, "here", std::move(trials)});
    return lease;
  }
  std::vector<TrialId> fail(LeaseId lease, TrialId trial, const std::string& reason, bool retryable = true) {
    TrialFailure failure;
    failure.trial = trial;
    failure.reason = reason;
    failure.retryable = retryable;
    return table_.apply(events::Failed{0, lease, failure});
  }
  std::vector<TrialId> report(LeaseId lease, TrialId trial) {
    TrialReport report;
    report.trial = trial;
    report.epochs = 7;
    return table_.apply(events::Reported{0, lease, report});
  }
  State state(std::uint32_t trial) const { return table_.trials()[trial].state; }

  TrialTable table_{TrialRules{2, 2, 3}};
};

TEST_F(TrialTableTest, AConfigurationBecomesItsReplicates) {
  EXPECT_THAT(table_.apply(events::Suggested{0, {{0}, {}}}), ElementsAre(TrialId{0}, TrialId{1}));
  EXPECT_THAT(table_.apply(events::Suggested{0, {{1}, {}}}), ElementsAre(TrialId{2}, TrialId{3}));
  EXPECT_EQ(table_.trials()[3].configuration, ConfigurationId{1});
  EXPECT_EQ(table_.trials()[3].replicate, 1U);
  EXPECT_EQ(table_.counts().pending, 4U);
}

TEST_F(TrialTableTest, ARunOfListedTrialsTouchesNoOthers) {
  events::Started started;
  started.replicates = 2;
  started.shard.only = {{1}, {4}};
  const Event read = parse_event(to_json(Event{started}));
  EXPECT_EQ(read, Event{started}) << "the log brings the list back";
  (void)table_.apply(read);
  suggest(3);
  EXPECT_THAT(table_.pending(), ElementsAre(TrialId{1}, TrialId{4}));
  EXPECT_EQ(table_.counts().elsewhere, 4U);
  EXPECT_EQ(state(0), State::elsewhere);
  started.resumed = true;
  started.shard.only = {{1}, {5}};
  EXPECT_THROW((void)table_.apply(Event{started}), InternalError) << "a run keeps its trials";
}

TEST_F(TrialTableTest, AReportEndsATrial) {
  suggest(1);
  const LeaseId lease = assign({{0}, {1}}, 4);
  EXPECT_EQ(table_.counts().running, 2U);
  EXPECT_TRUE(table_.holds(lease, 4, {0}));
  EXPECT_FALSE(table_.holds(lease, 3, {0})) << "another worker's lease";
  EXPECT_TRUE(report(lease, {0}).empty());
  EXPECT_EQ(state(0), State::reported);
  EXPECT_EQ(table_.trials()[0].report.epochs, 7U);
  EXPECT_EQ(table_.leases().size(), 1U);
  (void)report(lease, {1});
  EXPECT_TRUE(table_.leases().empty());
  (void)table_.apply(events::Completed{0});
  EXPECT_TRUE(table_.completed());
}

TEST(TrialTableRules, ReplicatesAreNumberedFromTheFirst) {
  TrialRules rules{2, 2, 3};
  rules.first_replicate = 7;
  TrialTable table(rules);
  events::Started started;
  started.configurations = 2;
  started.replicates = 2;
  (void)table.apply(started);
  (void)table.apply(events::Suggested{0, {{0}, {}}});
  (void)table.apply(events::Suggested{0, {{1}, {}}});
  ASSERT_EQ(table.trials().size(), 4U);
  for (std::uint32_t trial = 0; trial < 4; ++trial) {
    EXPECT_EQ(table.trials()[trial].id.value, trial);
    EXPECT_EQ(table.trials()[trial].replicate, 7 + trial % 2);
  }
}

TEST_F(TrialTableTest, AFailureIsRetriedAloneAsOftenAsAllowed) {
  suggest(1);
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_THAT(fail(assign({{0}}), {0}, "non_finite_loss"), ElementsAre(TrialId{0}));
    EXPECT_EQ(table_.trials()[0].pack_limit, 1U);
  }
  EXPECT_TRUE(fail(assign({{0}}), {0}, "non_finite_loss").empty());
  EXPECT_EQ(state(0), State::failed);
  EXPECT_EQ(table_.trials()[0].attempts, 3U);
  EXPECT_EQ(table_.trials()[0].failures.size(), 3U);
}

TEST_F(TrialTableTest, AFailureThatWouldRepeatItselfIsFinal) {
  suggest(1);
  EXPECT_TRUE(fail(assign({{0}}), {0}, "non_finite_loss", false).empty());
  EXPECT_EQ(state(0), State::failed);
}

TEST_F(TrialTableTest, ACrashOfAPackCountsAgainstNobody) {
  suggest(1);
  const LeaseId pack = assign({{0}, {1}});
  (void)fail(pack, {0}, "signal");
  (void)fail(pack, {1}, "signal");
  EXPECT_EQ(table_.trials()[0].counted, 0U);
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_FALSE(fail(assign({{0}}), {0}, "signal").empty());
  }
  EXPECT_TRUE(fail(assign({{0}}), {0}, "signal").empty()) << "two retries after its first failure alone";
  EXPECT_EQ(state(1), State::pending);
}

TEST_F(TrialTableTest, WhereMemoryMayLackTheNextPackIsHalfAsLarge) {
  suggest(2);  // four trials
  const auto strike = [this](const std::vector<TrialId>& pack, const std::string& reason, int signal) {
    const LeaseId lease = assign(pack);
    for (const TrialId trial : pack) {
      TrialFailure failure;
      failure.trial = trial;
      failure.reason = reason;
      failure.signal = signal;
      (void)table_.apply(events::Failed{0, lease, failure});
    }
  };
  strike({{0}, {1}, {2}, {3}}, "out_of_memory", 0);
  EXPECT_EQ(table_.trials()[3].pack_limit, 2U);
  EXPECT_EQ(table_.trials()[3].counted, 0U) << "the pack was too large, not the trial";
  strike({{2}, {3}}, "signal", SIGKILL);
  EXPECT_EQ(table_.trials()[3].pack_limit, 1U);
  EXPECT_EQ(table_.trials()[1].pack_limit, 2U);
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_EQ(state(3), State::pending);
    strike({{3}}, "out_of_memory", 0);
  }
  EXPECT_EQ(state(3), State::failed) << "alone it counts: two retries";
  strike({{0}, {1}}, "signal", SIGSEGV);
  EXPECT_EQ(table_.trials()[0].pack_limit, 1U) << "a crash has a culprit to find";
}

TEST_F(TrialTableTest, AReturnedLeaseCostsNothing) {
  suggest(1);
  for (int i = 0; i < 50; ++i) {
    const LeaseId lease = assign({{0}});
    EXPECT_THAT(table_.apply(events::LeaseExpired{0, lease, i % 2 == 0 ? "returned" : "resumed"}),
                ElementsAre(TrialId{0}));
  }
  EXPECT_EQ(state(0), State::pending);
  EXPECT_TRUE(table_.trials()[0].failures.empty());
}

TEST_F(TrialTableTest, ATrialThatSilencesItsWorkersIsGivenUp) {
  suggest(1);
  for (const char* reason : {"silent", "dead"}) {
    EXPECT_FALSE(table_.apply(events::LeaseExpired{0, assign({{0}}), reason}).empty());
  }
  EXPECT_TRUE(table_.apply(events::LeaseExpired{0, assign({{0}}), "silent"}).empty());
  EXPECT_EQ(state(0), State::failed);
  ASSERT_EQ(table_.trials()[0].failures.size(), 1U);
  EXPECT_EQ(table_.trials()[0].failures[0].reason, "lost");
}

TEST_F(TrialTableTest, WordsOfALostLeaseChangeNothing) {
  suggest(1);
  const LeaseId lost = assign({{0}});
  (void)table_.apply(events::LeaseExpired{0, lost, "silent"});
  const LeaseId now = assign({{0}}, 2);
  const TrialTable before = table_;
  EXPECT_TRUE(report(lost, {0}).empty());
  EXPECT_TRUE(fail(lost, {0}, "signal").empty());
  EXPECT_TRUE(table_.apply(events::LeaseExpired{0, lost, "silent"}).empty());
  EXPECT_TRUE(table_.apply(events::Progressed{0, lost, {{0}, 1, 2, 0}}).empty());
  EXPECT_TRUE(table_ == before);
  (void)report(now, {0});
  const TrialTable reported = table_;
  (void)report(now, {0});
  EXPECT_TRUE(table_ == reported) << "a report counts once";
}

TEST_F(TrialTableTest, ImpossibleEventsAreBugs) {
  suggest(1);
  EXPECT_THROW((void)table_.apply(events::Suggested{0, {{5}, {}}}), InternalError);
  EXPECT_THROW((void)table_.apply(events::Completed{0}), InternalError);
  EXPECT_THROW((void)report({1}, {0}), InternalError) << "a lease that was never given";
  EXPECT_THROW((void)assign({{9}}), InternalError) << "a trial that was never suggested";
  const LeaseId lease = assign({{0}});
  EXPECT_THROW((void)assign({{0}}), InternalError) << "a trial handed out twice";
  EXPECT_THROW((void)table_.apply(events::Assigned{0, lease, 1, "", {{1}}}), InternalError)
      << "a lease number used twice";
  EXPECT_THROW((void)table_.apply(events::Assigned{0, table_.next_lease(), 1, "", {}}), InternalError);
  EXPECT_THROW((void)table_.apply(events::Started{}), InternalError) << "another number of replicates";
  EXPECT_THROW(TrialTable(TrialRules{0, 0, 1}), InternalError);
}

/// Properties over random lives: no trial is lost or counts twice, and replaying the log gives the live table.
TEST(TrialTableProperties, ReplayEqualsLivingThroughIt) {
  std::random_device device;
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t seed = device();
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TrialRules rules{1 + static_cast<std::uint32_t>(seed % 3), static_cast<std::uint32_t>(seed % 4), 5};
    support::RandomSchedule schedule(seed, rules, 1 + static_cast<std::uint32_t>(seed % 7));
    const std::vector<Event> log = schedule.run();
    TrialTable replayed(rules);
    for (const Event& event : log) {
      const std::vector<TrialId> pending = replayed.apply(event);
      for (const TrialId id : pending) {
        ASSERT_EQ(replayed.trials()[id.value].state, State::pending);
      }
      const TrialTable::Counts& counts = replayed.counts();
      ASSERT_EQ(counts.all(), replayed.trials().size());
      ASSERT_EQ(counts.pending, replayed.pending().size());
      std::size_t running = 0;
      for (const auto& [id, lease] : replayed.leases()) {
        running += lease.open;
      }
      ASSERT_EQ(counts.running, running);
    }
    EXPECT_TRUE(replayed == schedule.table);
    EXPECT_EQ(replayed.counts().reported + replayed.counts().failed, replayed.trials().size());
    for (const TableTrial& trial : replayed.trials()) {
      EXPECT_LE(trial.counted, rules.retries + 1);
      EXPECT_EQ(trial.state == State::reported, !trial.report.metrics.empty());
    }
  }
}

}  // namespace
}  // namespace fairsweep
