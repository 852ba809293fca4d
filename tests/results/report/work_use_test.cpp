#include "results/report/work_use.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

using test::assigned;
using test::failed_at;
using test::lines_of;
using test::reported_at;
using test::started;

TEST(WorkUse, EverySecondOfAWorkerHasOneCause) {
  // Worker 1 is there from 2 to 20: 4 s for a pack of two, one of which fails; then 6 s for one trial; 8 s idle.
  const RunTimeline timeline = run_timeline(
      lines_of({started(0), assigned(2, 1, 1, {{0}, {1}}), failed_at(4, 1, 0, "signal"), reported_at(6, 1, 1),
                assigned(10, 2, 1, {{0}}), reported_at(16, 2, 0), events::Completed{20}}));
  const WorkUse use = work_use(timeline, 10);
  ASSERT_EQ(use.workers.size(), 1U);
  EXPECT_DOUBLE_EQ(use.workers[0].present, 18);
  EXPECT_DOUBLE_EQ(use.workers[0].useful, 2 + 6);
  EXPECT_DOUBLE_EQ(use.workers[0].lost, 2);
  EXPECT_EQ(use.causes, (std::map<std::string, double>{{"failed: signal", 2}, {"idle", 8}, {"useful", 8}}));
  EXPECT_DOUBLE_EQ(use.total(), 18);
  EXPECT_EQ(use.workers[0].host, "host-1");
  // Bins of 2 s: not there, half useful twice, idle twice, useful three times, idle.
  const std::vector<double> course = {0.5, 0.5, 0, 0, 1, 1, 1, 0, 0};
  EXPECT_TRUE(std::isnan(use.workers[0].useful_share[0]));
  for (std::size_t bin = 1; bin < 10; ++bin)
    EXPECT_NEAR(use.workers[0].useful_share[bin], course[bin - 1], 1e-12) << bin;
}

TEST(WorkUse, LeasesThatOverlapShareTheMoment) {
  // 10 s in all: the second lease is there from 4 on, the first ends at 6.
  const RunTimeline timeline =
      run_timeline(lines_of({started(0), assigned(0, 1, 1, {{0}}), assigned(4, 2, 1, {{1}}), reported_at(6, 1, 0),
                             failed_at(10, 2, 1, "exit"), events::Completed{10}}));
  const WorkUse use = work_use(timeline, 5);
  EXPECT_DOUBLE_EQ(use.workers[0].useful, 4 + 1);
  EXPECT_DOUBLE_EQ(use.workers[0].lost, 1 + 4);
  EXPECT_DOUBLE_EQ(use.total(), 10);
  EXPECT_DOUBLE_EQ(use.causes.at("idle"), 0);
}

TEST(WorkUse, PausesBetweenSessionsAreNobodysTime) {
  const RunTimeline timeline =
      run_timeline(lines_of({started(0), assigned(0, 1, 1, {{0}}), events::Stopped{10, "deadline"}, started(500),
                             assigned(500, 2, 1, {{0}}), reported_at(505, 2, 0), events::Completed{505}}));
  const WorkUse use = work_use(timeline, 3);
  EXPECT_DOUBLE_EQ(use.total(), 15);
  EXPECT_DOUBLE_EQ(use.causes.at("session stopped"), 10);
  EXPECT_DOUBLE_EQ(use.causes.at("useful"), 5);
  EXPECT_DOUBLE_EQ(use.bin_seconds, 5);
  EXPECT_DOUBLE_EQ(use.workers[0].useful_share[2], 1);
}

TEST(WorkUse, NothingHappened) {
  EXPECT_EQ(work_use(RunTimeline{}, 5).total(), 0);
  const WorkUse use = work_use(run_timeline(lines_of({started(3)})), 5);  // a run that has only just begun
  EXPECT_TRUE(use.workers.empty());
}

}  // namespace
}  // namespace fairsweep::report
