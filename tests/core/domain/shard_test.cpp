#include "core/domain/shard.hpp"

#include <gtest/gtest.h>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

TEST(ShardTest, EveryTrialIsInOneShard) {
  for (std::uint32_t count = 1; count <= 9; ++count) {
    for (std::size_t trials = 0; trials < 30; ++trials) {
      std::size_t all = 0;
      for (std::uint32_t index = 0; index < count; ++index) {
        const Shard shard{index, count};
        std::size_t held = 0;
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
          held += shard.holds({trial}) ? 1 : 0;
        }
        EXPECT_EQ(shard.size(trials), held) << to_text(shard) << " of " << trials;
        all += held;
      }
      EXPECT_EQ(all, trials);
    }
  }
}

TEST(ShardTest, AsManyShardsAsReplicatesAreSeeds) {
  constexpr std::uint32_t k_replicates = 4;
  for (std::uint32_t trial = 0; trial < 40; ++trial) {
    EXPECT_TRUE((Shard{trial % k_replicates, k_replicates}.holds({trial})));
  }
}

TEST(ShardTest, TextsGoAround) {
  EXPECT_EQ(read_shard("2/8"), (Shard{1, 8}));
  EXPECT_EQ(to_text(Shard{1, 8}), "2/8");
  EXPECT_EQ(read_shard("1/1"), Shard{});
}

TEST(ShardTest, AListHoldsWhatItSays) {
  const Shard listed{0, 1, {{2}, {3}, {9}}};
  for (std::uint32_t trial = 0; trial < 12; ++trial) {
    EXPECT_EQ(listed.holds({trial}), trial == 2 || trial == 3 || trial == 9) << trial;
  }
  EXPECT_EQ(listed.size(12), 3U);
  EXPECT_EQ(listed.size(9), 2U);
  EXPECT_TRUE(listed.valid());
  EXPECT_FALSE((Shard{0, 1, {{3}, {2}}}.valid()));
  EXPECT_FALSE((Shard{0, 1, {{3}, {3}}}.valid()));
  EXPECT_FALSE((Shard{1, 1, {}}.valid()));
  EXPECT_EQ(to_text(listed), "trials 2, 3, 9");
  EXPECT_EQ(to_text(Shard{0, 1, {{7}}}), "trial 7");
  EXPECT_EQ(to_text(Shard{0, 1, {{1}, {2}, {3}, {4}, {5}, {6}}}), "trials 1, 2, 3, 4 and 2 more");
}

TEST(ShardTest, WhatIsNoShardIsRefused) {
  for (const char* text :
       {"", "2", "2/", "/8", "0/8", "9/8", "2/8/3", "2/8 ", "-1/8", "2/0", "1/1000000", "a/b", "1.5/2"}) {
    EXPECT_THROW((void)read_shard(text), UserError) << text;
  }
}

}  // namespace
}  // namespace fairsweep
