#include "workers/trainer/stack_size.hpp"

#include <gtest/gtest.h>

namespace fairsweep {
namespace {

StackDemand demand(std::int64_t hidden, std::int64_t parameters) { return {parameters, 256, 3, 16, hidden}; }

TEST(StackSize, SmallModelsStackAndLargeOnesDoNot) {
  EXPECT_EQ(guessed_stack_size(demand(0, 32), false), 32);    // a linear head
  EXPECT_EQ(guessed_stack_size(demand(64, 1152), false), 7);  // a hidden layer of 64
  EXPECT_EQ(guessed_stack_size(demand(256, 4608), false), 2);
  EXPECT_EQ(guessed_stack_size(demand(4096, 1 << 24), false), 1);
}

TEST(StackSize, AGpuTakesManyMore) {
  EXPECT_EQ(guessed_stack_size(demand(64, 1152), true), 256);
  EXPECT_EQ(guessed_stack_size(demand(4096, 1 << 24), true), 2);
}

TEST(StackSize, NeverMoreThanTheLargestStack) {
  EXPECT_EQ(guessed_stack_size(demand(0, 1), false), largest_stack(false));
  EXPECT_EQ(guessed_stack_size(demand(0, 1), true), largest_stack(true));
}

TEST(StackSize, CountsFeaturesActivationsAndFiveCopiesOfTheParameters) {
  EXPECT_EQ(bytes_of_step({100, 32, 2, 10, 8}), 4 * (64 * (10 + 24 + 4) + 500));
}

}  // namespace
}  // namespace fairsweep
