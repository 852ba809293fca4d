#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/splits/split.hpp"

namespace fairsweep {
namespace {

using testing_support::refusal;

struct Case {
  PreferenceData data;
  std::vector<std::int32_t> groups;
};

// Pairs in random contexts, some asked twice, some users silent; three groups, the last of few users.
Case random_case(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<std::int32_t>(random() % static_cast<unsigned>(n)); };
  Case made;
  PreferenceData& data = made.data;
  const int contexts = 20 + below(30);
  const int users = 20 + below(60);
  data.feature_count = 1;
  data.feature_names = {"x"};
  data.context_offset = {0};
  for (int context = 0; context < contexts; ++context) {
    data.candidate_count += 2;
    data.context_offset.push_back(data.candidate_count);
  }
  data.features.assign(static_cast<std::size_t>(data.candidate_count), 0.0F);
  data.comparison_offset = {0};
  std::int32_t repeat = 0;
  for (int user = 0; user < users; ++user) {
    data.user_names.push_back(std::string("u") + std::to_string(user));
    made.groups.push_back(user < 4 ? 2 : below(2) - (user == 5 ? 1 : 0));
    const int count = user % 11 == 7 ? 0 : 1 + below(12);
    for (int at = 0; at < count; ++at) {
      const std::int32_t context = below(contexts);
      const bool twice = below(4) == 0;
      for (int time = 0; time < (twice ? 2 : 1); ++time) {
        data.comparison_user.push_back(user);
        data.comparison_context.push_back(context);
        data.comparison_candidate.push_back(2 * context + time);
        data.comparison_candidate.push_back(2 * context + 1 - time);
        data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
        data.comparison_ranked.push_back(1);
        data.comparison_weight.push_back(1);
        data.comparison_repeat.push_back(twice ? repeat : -1);
      }
      repeat += twice ? 1 : 0;
    }
  }
  return made;
}

SplitRecipe recipe_by(const std::string& by, std::uint64_t seed, std::int64_t history = 0) {
  return {by, 0.7, 0.15, 0.15, history, seed};
}

std::array<std::set<std::int32_t>, 4> keys_by_part(const std::vector<std::int32_t>& key,
                                                   const std::vector<Split>& split) {
  std::array<std::set<std::int32_t>, 4> found;
  for (std::size_t row = 0; row < key.size(); ++row) {
    found[static_cast<std::size_t>(split[row])].insert(key[row]);
  }
  return found;
}

template <typename Set>
bool disjoint(const Set& left, const Set& right) {
  return std::none_of(left.begin(), left.end(), [&](const auto& key) { return right.contains(key); });
}

void expect_shares(const std::array<std::size_t, 3>& counts, double slack, const std::string& where) {
  const double total = static_cast<double>(counts[0] + counts[1] + counts[2]);
  const std::array<double, 3> shares{0.7, 0.15, 0.15};
  for (std::size_t part = 0; part < 3; ++part) {
    EXPECT_LE(std::abs(static_cast<double>(counts[part]) - shares[part] * total), slack) << where;
  }
}

class DealComparisons : public testing::TestWithParam<unsigned> {};

TEST_P(DealComparisons, ByUserStratifiedWithoutLeak) {
  const Case made = random_case(GetParam());
  ASSERT_THAT(problems_of(made.data), testing::IsEmpty());
  const auto split = deal_comparisons(made.data, recipe_by("user", GetParam()), made.groups);
  const auto users = keys_by_part(made.data.comparison_user, split);
  EXPECT_TRUE(disjoint(users[0], users[1]) && disjoint(users[0], users[2]) && disjoint(users[1], users[2]));
  EXPECT_TRUE(users[3].empty());
  std::map<std::int32_t, std::array<std::size_t, 3>> per_group;
  for (std::size_t part = 0; part < 3; ++part) {
    for (const std::int32_t user : users[part]) {
      ++per_group[made.groups[static_cast<std::size_t>(user)]][part];
    }
  }
  for (const auto& [group, counts] : per_group) {
    const std::size_t n = counts[0] + counts[1] + counts[2];
    const std::string where = "seed " + std::to_string(GetParam()) + ", group " + std::to_string(group);
    if (n >= 3) {
      EXPECT_GE(*std::min_element(counts.begin(), counts.end()), 1U) << where;
    }
    // Below 7 users, one for each part can be more than rounding would give.
    expect_shares(counts, n >= 7 || n < 3 ? 1.0 : 2.0, where);
  }
}

TEST_P(DealComparisons, ByContextWithoutLeak) {
  const Case made = random_case(GetParam());
  const auto split = deal_comparisons(made.data, recipe_by("context", GetParam()), made.groups);
  const auto contexts = keys_by_part(made.data.comparison_context, split);
  EXPECT_TRUE(disjoint(contexts[0], contexts[1]) && disjoint(contexts[0], contexts[2]) &&
              disjoint(contexts[1], contexts[2]));
  expect_shares({contexts[0].size(), contexts[1].size(), contexts[2].size()}, 1.0,
                "seed " + std::to_string(GetParam()));
}

TEST_P(DealComparisons, ByComparisonKeepsRepeatsTogether) {
  const Case made = random_case(GetParam());
  for (const char* by : {"comparison", "user", "context"}) {
    const auto split = deal_comparisons(made.data, recipe_by(by, GetParam(), by == std::string("user") ? 2 : 0), {});
    std::map<std::int32_t, Split> part_of;
    std::array<std::size_t, 3> units{};
    for (std::size_t row = 0; row < split.size(); ++row) {
      const std::int32_t repeat = made.data.comparison_repeat[row];
      const bool is_new = repeat < 0 || part_of.emplace(repeat, split[row]).second;
      if (repeat >= 0) {
        EXPECT_EQ(part_of[repeat], split[row]) << "seed " << GetParam() << ", row " << row << ", by " << by;
      }
      if (is_new && split[row] != Split::history) {
        ++units[static_cast<std::size_t>(split[row])];
      }
    }
    if (by == std::string("comparison")) {
      expect_shares(units, 1.0, "seed " + std::to_string(GetParam()));
    }
  }
}

TEST_P(DealComparisons, HistoryIsOfHeldOutUsersAndLeavesSomethingToScore) {
  const Case made = random_case(GetParam());
  const auto without = deal_comparisons(made.data, recipe_by("user", GetParam()), made.groups);
  const auto with = deal_comparisons(made.data, recipe_by("user", GetParam(), 3), made.groups);
  std::map<std::int32_t, std::int64_t> shown;
  std::map<std::int32_t, std::int64_t> total;
  for (std::size_t row = 0; row < with.size(); ++row) {
    const std::int32_t user = made.data.comparison_user[row];
    if (without[row] == Split::train) {
      EXPECT_EQ(with[row], Split::train);
      continue;
    }
    EXPECT_TRUE(with[row] == without[row] || with[row] == Split::history);
    ++total[user];
    shown[user] += with[row] == Split::history ? 1 : 0;
  }
  for (const auto& [user, all] : total) {
    EXPECT_LT(shown[user], all) << "seed " << GetParam() << ", user " << user;
    EXPECT_LE(shown[user], 4);  // a repeated question brings both of its answers
    if (all >= 6) {
      EXPECT_GE(shown[user], 3);
    }
  }
}

TEST_P(DealComparisons, DependsOnDataAndRecipeOnly) {
  const Case made = random_case(GetParam());
  for (const char* by : {"user", "context", "comparison"}) {
    const auto first = deal_comparisons(made.data, recipe_by(by, 5), made.groups);
    EXPECT_EQ(first, deal_comparisons(made.data, recipe_by(by, 5), made.groups));
    EXPECT_NE(first, deal_comparisons(made.data, recipe_by(by, 6), made.groups)) << "seed " << GetParam();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, DealComparisons, testing::Range(0U, 40U));

TEST(DealComparisonsRefuses, WhatCannotBeDealt) {
  const Case made = random_case(1);
  const auto with = [&](SplitRecipe recipe) {
    return refusal(ExitCode::configuration, [&] { (void)deal_comparisons(made.data, recipe, made.groups); });
  };
  EXPECT_EQ(with({"user", 0.7, 0.3, 0, 0, 1}),
            "data.split: train, validation and test must each be above 0 and below 1");
  EXPECT_EQ(with({"user", 0.7, 0.2, 0.2, 0, 1}), "data.split: train, validation and test must sum to 1");
  EXPECT_EQ(with({"context", 0.7, 0.15, 0.15, 1, 1}),
            "data.split: history is a number of comparisons of held-out users; it needs by: user");
  EXPECT_EQ(with({"people", 0.7, 0.15, 0.15, 0, 1}),
            "data.split: by is \"people\"; it must be user, context, comparison or time");
  PreferenceData two = made.data;
  for (std::int32_t& user : two.comparison_user) {
    user = user % 2;
  }
  two.comparison_repeat.assign(two.comparison_repeat.size(), -1);
  EXPECT_EQ(refusal(ExitCode::configuration, [&] { (void)deal_comparisons(two, recipe_by("user", 1), {}); }),
            "data.split: no comparison falls to validation: there are too few users; split by something smaller");
}

}  // namespace
}  // namespace fairsweep
