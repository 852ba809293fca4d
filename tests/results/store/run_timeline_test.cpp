#include "results/store/run_timeline.hpp"

#include <gtest/gtest.h>

#include "tests/results/report/small_run.hpp"

namespace fairsweep {
namespace {

using test::assigned;
using test::failed_at;
using test::lines_of;
using test::reported_at;
using test::started;

/// Two sessions with 100 s between them. In the first, worker 1 reports trial 0 and loses trial 1 to the stop; worker
/// 2's lease expires. In the second, worker 1 fails one of two trials of a pack.
std::vector<std::string> two_sessions() {
  return lines_of({started(1000), assigned(1001, 1, 1, {{0}, {1}}), assigned(1002, 2, 2, {{2}}),
                   reported_at(1005, 1, 0), events::LeaseExpired{1008, {2}, "silent"},
                   events::Stopped{1010, "deadline"}, started(1110), events::LeaseExpired{1110, {1}, "resumed"},
                   assigned(1111, 3, 1, {{1}, {2}}), failed_at(1113, 3, 1, "signal"), reported_at(1115, 3, 2),
                   events::Completed{1120}});
}

TEST(RunTimeline, SessionsWorkersAndLeasesOfALog) {
  const RunTimeline timeline = run_timeline(two_sessions());
  ASSERT_EQ(timeline.sessions.size(), 2U);
  EXPECT_EQ(timeline.sessions[0].how, "stopped: deadline");
  EXPECT_EQ(timeline.sessions[0].end, 1010);
  EXPECT_EQ(timeline.sessions[1].how, "complete");
  ASSERT_EQ(timeline.workers.size(), 3U);
  EXPECT_EQ(timeline.workers[1].worker, 2U);
  EXPECT_EQ(timeline.workers[1].host, "host-2");
  EXPECT_EQ(timeline.workers[1].begin, 1002);
  EXPECT_EQ(timeline.workers[1].end, 1010);
  ASSERT_EQ(timeline.leases.size(), 3U);
  EXPECT_EQ(timeline.leases[0].shares, (std::map<std::string, double>{{"reported", 0.5}, {"session stopped", 0.5}}));
  EXPECT_EQ(timeline.leases[0].end, 1010);
  EXPECT_EQ(timeline.leases[1].shares, (std::map<std::string, double>{{"lease: silent", 1}}));
  EXPECT_EQ(timeline.leases[2].shares, (std::map<std::string, double>{{"failed: signal", 0.5}, {"reported", 0.5}}));
  EXPECT_EQ(timeline.leases[2].session, 1U);
  ASSERT_EQ(timeline.ends.size(), 3U);
  EXPECT_FALSE(timeline.ends[1].reported);
  EXPECT_EQ(timeline.unread, 0U);
}

TEST(RunTimeline, RunningTimeLeavesPausesOut) {
  const RunTimeline timeline = run_timeline(two_sessions());
  EXPECT_EQ(timeline.running_seconds(900), 0);
  EXPECT_EQ(timeline.running_seconds(1004), 4);
  EXPECT_EQ(timeline.running_seconds(1050), 10);
  EXPECT_EQ(timeline.running_seconds(1115), 15);
  EXPECT_EQ(timeline.running_seconds(9999), 20);
}

TEST(RunTimeline, ASessionWithoutAnEndWasLostOrGoesOn) {
  const RunTimeline timeline = run_timeline(lines_of(
      {started(0), assigned(1, 1, 1, {{0}}), started(50), assigned(51, 2, 1, {{0}}), events::Progressed{60, {2}, {}}}));
  ASSERT_EQ(timeline.leases.size(), 2U);
  EXPECT_EQ(timeline.leases[0].shares.begin()->first, "session lost");
  EXPECT_EQ(timeline.leases[1].shares.begin()->first, "under way");
  EXPECT_EQ(timeline.leases[1].end, 60);
}

TEST(RunTimeline, LinesThatAreNoEventsAreCounted) {
  const RunTimeline timeline = run_timeline({"{}", "no JSON", R"({"event":"started"})"});
  EXPECT_EQ(timeline.unread, 3U);
  EXPECT_TRUE(timeline.sessions.empty());
}

}  // namespace
}  // namespace fairsweep
