#include "orchestrator/apps/slurm_job.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairsweep::apps {
namespace {

TEST(SlurmSeconds, EveryFormOfTheManual) {
  const std::vector<std::pair<std::string, std::int64_t>> forms = {
      {"0", 0},         {"90", 5400},      {"1:30", 90},          {"59:59", 3599}, {"24:00:00", 86400},  {"1-0", 86400},
      {"2-12", 216000}, {"1-1:30", 91800}, {"1-02:03:04", 93784}, {"0:00:01", 1},  {"100:00:00", 360000}};
  for (const auto& [text, seconds] : forms) {
    EXPECT_EQ(slurm_seconds(text), seconds) << text;
  }
}

TEST(SlurmSeconds, NothingElse) {
  for (const std::string text : {"", " ", "-", "1-", "-1", "1:", ":1", "1:2:3:4", "1-2:3:4:5", "1-2-3", "1h", "1.5",
                                 "+5", "UNLIMITED", "INVALID", "NOT_SET", "99999999999999999999", " 5", "5 "}) {
    EXPECT_EQ(slurm_seconds(text), std::nullopt) << text;
  }
}

TEST(RankLayout, TheCoordinatorIsOnTheFirstHost) {
  const RankLayout two = lay_out({"a", "b"}, 4, false);
  EXPECT_EQ(two.hosts, "a:5,b:4");
  EXPECT_EQ(two.ranks, 9);
  const RankLayout one = lay_out({"a"}, 1, false);
  EXPECT_EQ(one.hosts, "a:2");
  EXPECT_EQ(one.ranks, 2);
}

TEST(RankLayout, TheCoordinatorAlone) {
  const RankLayout layout = lay_out({"head", "a", "b"}, 2, true);
  EXPECT_EQ(layout.hosts, "head:1,a:2,b:2");
  EXPECT_EQ(layout.ranks, 5);
  EXPECT_EQ(lay_out({"head"}, 2, true).ranks, 1);
}

}  // namespace
}  // namespace fairsweep::apps
