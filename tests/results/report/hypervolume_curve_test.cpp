#include "results/report/hypervolume_curve.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/random/philox.hpp"
#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

using test::lines_of;
using test::reported_at;
using test::started;

TEST(HypervolumeCurve, GrowsWithEachChangeOfTheFront) {
  const RunSummary run = summarise_run(
      "run", test::small_record({{0.5, 0.5}, {0.25, 0.25}, {0.25, 0.75}, {1, 0.75}}, {0.1, 0.2, 0.3, 0.4}), {});
  const RunTimeline timeline =
      run_timeline(lines_of({started(100), reported_at(101, 1, 0), reported_at(102, 2, 1), reported_at(103, 3, 2),
                             reported_at(109, 4, 3), events::Completed{110}}));
  const HypervolumeCurve curve = hypervolume_curve(run, timeline, 10);
  ASSERT_EQ(curve.steps.size(), 3U);  // the second changes nothing
  EXPECT_EQ(curve.changes, 3U);
  EXPECT_DOUBLE_EQ(curve.steps[0].hypervolume, 0.25);
  EXPECT_EQ(curve.steps[0].seconds, 1);
  EXPECT_DOUBLE_EQ(curve.steps[1].hypervolume, 0.25 + 0.25 * 0.25);
  EXPECT_EQ(curve.steps[1].configurations, 3U);
  EXPECT_EQ(curve.steps[1].front, 2U);
  EXPECT_DOUBLE_EQ(curve.steps[2].hypervolume, 0.75);
  EXPECT_EQ(curve.steps[2].front, 1U);
  EXPECT_EQ(curve.steps[2].seconds, 9);
}

/// Against the whole front of each prefix, chosen anew.
TEST(HypervolumeCurve, EqualsTheFrontsOfAllPrefixes) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    RandomStream random(seed, 0, 0, Purpose::bootstrap);
    std::vector<std::pair<double, double>> points;
    std::vector<double> settings;
    std::vector<Event> events = {started(0)};
    for (std::uint32_t i = 0; i < 40; ++i) {
      points.emplace_back(std::floor(8 * random.uniform()) / 8, std::floor(8 * random.uniform()) / 8);
      settings.push_back(0);
      events.push_back(reported_at(i + 1, i + 1, i));
    }
    const RunSummary run = summarise_run("run", test::small_record(points, settings), {});
    const HypervolumeCurve curve = hypervolume_curve(run, run_timeline(lines_of(events)), 1000);
    EXPECT_EQ(curve.steps.size(), curve.changes);
    for (const HypervolumeStep& step : curve.steps) {
      const RunSummary prefix = summarise_run(
          "run",
          test::small_record({points.begin(), points.begin() + static_cast<std::ptrdiff_t>(step.configurations)},
                             settings),
          {});
      EXPECT_NEAR(step.hypervolume, prefix.front.hypervolume, 1e-12) << "seed " << seed;
      EXPECT_EQ(step.front, prefix.front.members.size()) << "seed " << seed;
    }
    EXPECT_NEAR(curve.steps.back().hypervolume, run.front.hypervolume, 1e-12) << "seed " << seed;
    const HypervolumeCurve thin = hypervolume_curve(run, run_timeline(lines_of(events)), 3);
    EXPECT_EQ(thin.steps.size(), std::min<std::size_t>(3, curve.changes));
    EXPECT_EQ(thin.steps.back().hypervolume, curve.steps.back().hypervolume);
  }
}

TEST(HypervolumeCurve, LeavesOutWhatNoEventTells) {
  const RunSummary run = summarise_run("run", test::small_record({{0.5, 0.5}, {0.75, 0.75}}, {0.1, 0.2}), {});
  const HypervolumeCurve curve = hypervolume_curve(run, run_timeline(lines_of({started(0), reported_at(1, 1, 0)})), 10);
  EXPECT_EQ(curve.untimed, 1U);
  ASSERT_EQ(curve.steps.size(), 1U);
  EXPECT_EQ(hypervolume_curve(run, RunTimeline{}, 10).steps.size(), 0U);
}

TEST(HypervolumeCurve, ARunWithoutAFrontHasNone) {
  const RunSummary run = summarise_run("run", test::small_record({}, {}), {});
  EXPECT_TRUE(hypervolume_curve(run, RunTimeline{}, 10).steps.empty());
}

}  // namespace
}  // namespace fairsweep::report
