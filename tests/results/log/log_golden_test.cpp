// A log of every released version must be readable for ever. This one is of a run that was killed, resumed, stopped and
// resumed again, with a trial that failed once.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "results/log/event_log.hpp"

namespace fairsweep {
namespace {

const std::filesystem::path k_file =
    std::filesystem::path(FAIRSWEEP_SOURCE_DIR) / "tests" / "golden" / "results" / "run_version_1" / "events.log";

template <typename Kind>
std::vector<Kind> all_of(const std::vector<Event>& events) {
  std::vector<Kind> found;
  for (const Event& event : events) {
    if (const auto* one = std::get_if<Kind>(&event)) {
      found.push_back(*one);
    }
  }
  return found;
}

TEST(LogGolden, Version1IsStillRead) {
  const EventLog::Recovery log = read_event_log(k_file);
  EXPECT_EQ(log.cut_bytes, 0U);
  EXPECT_EQ(log.events.size(), 40U);
  const auto started = all_of<events::Started>(log.events);
  ASSERT_EQ(started.size(), 3U);
  EXPECT_EQ(started[0].sweep, "golden");
  EXPECT_EQ(started[0].groups, (std::vector<std::string>{"majority", "minority"}));
  EXPECT_EQ(started[0].configurations, 4U);
  EXPECT_EQ(started[0].replicates, 2U);
  EXPECT_FALSE(started[0].resumed);
  EXPECT_EQ(started[0].retries, -1) << "logs said nothing of retries then";
  EXPECT_TRUE(started[2].resumed);
  const auto suggested = all_of<events::Suggested>(log.events);
  ASSERT_EQ(suggested.size(), 4U);
  EXPECT_EQ(std::get<double>(suggested[3].configuration.values.at("training.learning_rate")), 0.0319682169);
  EXPECT_EQ(all_of<events::Assigned>(log.events).size(), 7U);
  EXPECT_EQ(all_of<events::TrainerStarted>(log.events).size(), 3U);
  EXPECT_EQ(all_of<events::Progressed>(log.events).size(), 10U);
  const auto reported = all_of<events::Reported>(log.events);
  ASSERT_EQ(reported.size(), 8U);
  EXPECT_EQ(reported[1].lease, LeaseId{3});
  EXPECT_EQ(reported[1].report.trial, TrialId{1});
  EXPECT_EQ(reported[1].report.metrics.at(0).value, 0.012855677806577481);
  const auto failed = all_of<events::Failed>(log.events);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].failure.reason, "non_finite_loss");
  const auto expired = all_of<events::LeaseExpired>(log.events);
  ASSERT_EQ(expired.size(), 2U);
  EXPECT_EQ(expired[0].reason, "resumed");
  EXPECT_EQ(expired[1].reason, "returned");
  EXPECT_EQ(all_of<events::Stopped>(log.events).size(), 1U);
  EXPECT_TRUE(std::holds_alternative<events::Completed>(log.events.back()));
}

}  // namespace
}  // namespace fairsweep
