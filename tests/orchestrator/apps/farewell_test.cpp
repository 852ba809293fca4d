#include "orchestrator/apps/farewell.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace fairsweep::apps {
namespace {

TEST(Farewell, TellsWorkersWhetherOneWasLost) {
  for (const bool lost : {false, true}) {
    const std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(3);
    channels[0]->send(1, std::vector<std::uint8_t>(40));  // a late reply before it
    say_farewell(*channels[0], lost);
    EXPECT_EQ(await_farewell(*channels[1], 20), lost);
    EXPECT_EQ(await_farewell(*channels[2], 20), lost);
  }
}

TEST(Farewell, SilenceMeansALoss) {
  const std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(2);
  EXPECT_TRUE(await_farewell(*channels[1], 0.05));
}

}  // namespace
}  // namespace fairsweep::apps
