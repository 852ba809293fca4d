#include <gtest/gtest.h>

#include <thread>

#include "core/diagnostics/errors.hpp"
#include "tests/contract/channel_contract.hpp"

namespace fairsweep {
namespace {

using testing::ContractRank;
using testing::ContractTest;

class LoopbackContract : public ::testing::TestWithParam<std::tuple<std::size_t, int>> {};

TEST_P(LoopbackContract, Holds) {
  const auto [index, size] = GetParam();
  const ContractTest& test = testing::channel_contract().at(index);
  std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(size);
  std::vector<std::thread> ranks;
  for (const std::unique_ptr<Channel>& channel : channels) {
    ranks.emplace_back([&channel, &test] {
      ContractRank rank(*channel);
      test.body(rank);
    });
  }
  for (std::thread& rank : ranks) {
    rank.join();
  }
}

std::string name_of(const ::testing::TestParamInfo<std::tuple<std::size_t, int>>& instance) {
  return testing::channel_contract().at(std::get<0>(instance.param)).name + std::to_string(std::get<1>(instance.param));
}

INSTANTIATE_TEST_SUITE_P(Sizes, LoopbackContract,
                         ::testing::Combine(::testing::Range<std::size_t>(0, testing::channel_contract().size()),
                                            ::testing::Values(1, 2, 3, 5)),
                         name_of);

TEST(LoopbackChannel, AGoneRankIsSentToWithoutHarm) {
  std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(2);
  channels[1].reset();
  const std::vector<std::uint8_t> bytes(1000);
  for (int i = 0; i < 1000; ++i) {
    channels[0]->send(1, bytes);
  }
  EXPECT_EQ(channels[0]->progress(), 0U);
  EXPECT_FALSE(channels[0]->try_receive().has_value());
}

TEST(LoopbackChannel, ARankThatDoesNotExistIsABug) {
  std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(2);
  EXPECT_THROW(channels[0]->send(2, {}), InternalError);
  EXPECT_THROW(channels[0]->send(-1, {}), InternalError);
  EXPECT_THROW(static_cast<void>(make_loopback_channels(0)), InternalError);
}

}  // namespace
}  // namespace fairsweep
