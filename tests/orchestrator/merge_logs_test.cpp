#include "orchestrator/merge_logs.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/resume.hpp"
#include "tests/orchestrator/random_schedule.hpp"

namespace fairsweep {
namespace {

using support::RandomSchedule;
using testing::HasSubstr;
using State = TableTrial::State;

constexpr TrialRules k_rules{3, 2, 10};
constexpr std::uint32_t k_configurations = 7;
constexpr std::uint32_t k_shards = 3;

std::vector<LogToMerge> random_shards(std::uint64_t seed) {
  std::vector<LogToMerge> runs;
  for (std::uint32_t index = 0; index < k_shards; ++index) {
    RandomSchedule life(seed * k_shards + index, k_rules, k_configurations, {index, k_shards});
    runs.push_back({"shard " + std::to_string(index), life.run()});
  }
  return runs;
}

TrialTable table_of(const std::vector<Event>& events) {
  TrialTable table(k_rules);
  (void)replay(events, "a log", table, nullptr);
  return table;
}

std::string refusal(const std::vector<LogToMerge>& runs, ExitCode code = ExitCode::configuration) {
  try {
    (void)merge_logs(runs);
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "merged";
}

/// What of a trial does not depend on how leases and workers are numbered.
void expect_same_life(const TableTrial& left, const TableTrial& right) {
  EXPECT_EQ(left.state, right.state);
  EXPECT_EQ(left.attempts, right.attempts);
  EXPECT_EQ(left.report, right.report);
  EXPECT_EQ(left.failures, right.failures);
}

TEST(MergeLogs, EveryTrialIsWhatItsShardMadeOfIt) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<LogToMerge> runs = random_shards(seed);
    const TrialTable merged = table_of(merge_logs(runs));
    ASSERT_EQ(merged.trials().size(), k_configurations * k_rules.replicates);
    EXPECT_TRUE(merged.completed());
    EXPECT_EQ(merged.counts().elsewhere, 0U);
    for (std::uint32_t index = 0; index < k_shards; ++index) {
      const TrialTable shard = table_of(runs[index].events);
      for (const TableTrial& trial : shard.trials()) {
        if (trial.id.value % k_shards == index) {
          expect_same_life(trial, merged.trials()[trial.id.value]);
        } else {
          EXPECT_EQ(trial.state, State::elsewhere);
          EXPECT_EQ(trial.attempts, 0U);
        }
      }
    }
  }
}

TEST(MergeLogs, TheOrderOfTheRunsChangesNoTrial) {
  std::vector<LogToMerge> runs = random_shards(5);
  const TrialTable first = table_of(merge_logs(runs));
  std::reverse(runs.begin(), runs.end());
  const TrialTable second = table_of(merge_logs(runs));
  for (std::size_t i = 0; i < first.trials().size(); ++i) {
    expect_same_life(first.trials()[i], second.trials()[i]);
  }
}

TEST(MergeLogs, AKilledShardLeavesTrialsToResume) {
  for (std::size_t cut = 2; cut < 60; cut += 7) {
    std::vector<LogToMerge> runs = random_shards(3);
    runs[1].events.resize(std::min(cut, runs[1].events.size()));
    const TrialTable shard = table_of(runs[1].events);
    const TrialTable merged = table_of(merge_logs(runs));
    EXPECT_TRUE(merged.leases().empty());
    EXPECT_EQ(merged.completed(), merged.counts().pending == 0);
    for (const TableTrial& trial : shard.trials()) {
      if (trial.state == State::pending || trial.state == State::running) {
        EXPECT_EQ(merged.trials()[trial.id.value].state, State::pending);
      }
    }
  }
}

TEST(MergeLogs, AMissingShardIsPending) {
  std::vector<LogToMerge> runs = random_shards(4);
  runs.pop_back();
  const TrialTable merged = table_of(merge_logs(runs));
  EXPECT_FALSE(merged.completed());
  EXPECT_EQ(merged.counts().pending, k_configurations);
}

TEST(MergeLogs, WorkersAndLeasesAreNumberedOn) {
  const std::vector<LogToMerge> runs = random_shards(9);
  std::vector<std::uint64_t> leases;
  for (const Event& event : merge_logs(runs)) {
    if (const auto* assigned = std::get_if<events::Assigned>(&event)) {
      leases.push_back(assigned->lease.value);
    }
  }
  ASSERT_FALSE(leases.empty());
  for (std::size_t i = 0; i < leases.size(); ++i) {
    EXPECT_EQ(leases[i], i + 1);
  }
}

TEST(MergeLogs, RunsThatDoNotBelongTogetherAreRefused) {
  std::vector<LogToMerge> runs = random_shards(1);
  EXPECT_THAT(refusal({}), HasSubstr("nothing to merge"));
  EXPECT_THAT(refusal({runs[0]}), HasSubstr("nothing to merge"));
  EXPECT_THAT(refusal({runs[0], {"again", runs[0].events}}), HasSubstr("was trained in both shard 0 and again"));
  EXPECT_THAT(refusal({runs[0], {"empty", {}}}, ExitCode::file), HasSubstr("empty: its log has no beginning"));

  const auto changed = [&](auto change) {
    std::vector<LogToMerge> others = runs;
    change(std::get<events::Started>(others[1].events.front()));
    return refusal(others);
  };
  EXPECT_THAT(changed([](events::Started& event) { event.data_digest = "d"; }), HasSubstr("different data"));
  EXPECT_THAT(changed([](events::Started& event) { event.sweep = "s"; }), HasSubstr("different names"));
  EXPECT_THAT(changed([](events::Started& event) { event.groups = {"g"}; }), HasSubstr("different groups"));
  EXPECT_THAT(changed([](events::Started& event) { event.replicates = 9; }), HasSubstr("different replicates"));

  for (Event& event : runs[1].events) {
    if (auto* suggested = std::get_if<events::Suggested>(&event)) {
      suggested->configuration.values = {{"x", 99.0}};
    }
  }
  EXPECT_THAT(refusal(runs), HasSubstr("has other settings in shard 0 than in shard 1"));
}

}  // namespace
}  // namespace fairsweep
