#include "workers/trainer/stack_size_search.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <vector>

namespace fairsweep {
namespace {

constexpr std::int64_t k_cost = 10;
constexpr std::int64_t k_long = 1'000'000;  // trial-steps: measuring everything is below 2 %

/// A machine with these rates that remembers what was asked.
struct Machine {
  std::map<std::int64_t, double> rates;
  std::vector<std::int64_t> asked{};

  StackSizeSearch::Measure measure() {
    return [this](std::int64_t size) {
      asked.push_back(size);
      return rates.at(size);
    };
  }
};

using Sizes = std::vector<std::int64_t>;

TEST(StackSizeSearch, TakesTheSmallestOfTheBestSizes) {
  StackSizeSearch search(k_cost);
  Machine machine{{{1, 100}, {2, 180}, {4, 250}, {8, 300}, {16, 303}}};
  EXPECT_EQ(search.choose({"a", 16, k_long, 32, 3}, machine.measure()), 8);  // 16 is better by less than 2 %
  EXPECT_EQ(machine.asked, (Sizes{1, 2, 4, 8, 16}));
}

TEST(StackSizeSearch, StopsWhereTheRateFalls) {
  StackSizeSearch search(k_cost);
  Machine machine{{{1, 100}, {2, 101}, {4, 95}, {8, 70}}};
  EXPECT_EQ(search.choose({"a", 32, k_long, 32, 7}, machine.measure()), 1);
  EXPECT_EQ(machine.asked, (Sizes{1, 2, 4, 8}));
}

TEST(StackSizeSearch, RemembersEveryShape) {
  StackSizeSearch search(k_cost);
  Machine machine{{{1, 100}, {2, 200}, {4, 400}, {8, 800}, {12, 900}}};
  EXPECT_EQ(search.choose({"a", 4, k_long, 32, 1}, machine.measure()), 4);
  EXPECT_EQ(search.choose({"a", 12, k_long, 32, 1}, machine.measure()), 12);
  EXPECT_EQ(machine.asked, (Sizes{1, 2, 4, 8, 12}));
  EXPECT_EQ(search.choose({"a", 3, 0, 32, 1}, machine.measure()), 2);  // no larger than there are runs
  EXPECT_EQ(search.choose({"b", 2, k_long, 32, 1}, machine.measure()), 2);
  EXPECT_EQ(machine.asked, (Sizes{1, 2, 4, 8, 12, 1, 2}));
}

TEST(StackSizeSearch, NeverCostsMoreThanTwoPercent) {
  for (const std::int64_t trial_steps : {0, 499, 500, 1499, 1500, 3500, 7500, 15500}) {
    StackSizeSearch search(k_cost);
    Machine machine{{{1, 1}, {2, 2}, {4, 4}, {8, 8}, {16, 16}}};
    const std::int64_t chosen = search.choose({"a", 16, trial_steps, 32, 5}, machine.measure());
    std::int64_t cost = 0;
    for (const std::int64_t size : machine.asked)
      cost += k_cost * size;
    EXPECT_LE(cost, trial_steps / 50);
    const std::int64_t largest = machine.asked.empty() ? 0 : machine.asked.back();
    EXPECT_EQ(chosen, largest == 16 ? 16 : std::max<std::int64_t>(5, largest)) << trial_steps;
  }
}

TEST(StackSizeSearch, GoesOnWhereAShortTrainingHadToStop) {
  StackSizeSearch search(k_cost);
  Machine machine{{{1, 1}, {2, 2}, {4, 4}}};
  EXPECT_EQ(search.choose({"a", 4, 1500, 32, 1}, machine.measure()), 2);
  EXPECT_EQ(search.choose({"a", 4, 2000, 32, 1}, machine.measure()), 4);
  EXPECT_EQ(machine.asked, (Sizes{1, 2, 4}));
}

TEST(StackSizeSearch, OneRunAndSmallLimitsNeedNoMeasurement) {
  StackSizeSearch search(k_cost);
  Machine machine;
  EXPECT_EQ(search.choose({"a", 1, k_long, 32, 9}, machine.measure()), 1);
  EXPECT_EQ(search.choose({"a", 9, k_long, 1, 9}, machine.measure()), 1);
  EXPECT_TRUE(machine.asked.empty());
}

}  // namespace
}  // namespace fairsweep
