#include "workers/data/description/conflict.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "tests/workers/data/judgements.hpp"
#include "workers/data/description/disagreement.hpp"

namespace fairsweep {
namespace {

using testing_support::judged;
using testing_support::random_judgements;
using testing_support::say;
using testing_support::slow_answers;

using Pair = std::pair<std::int64_t, std::int64_t>;

TEST(Conflict, ByHand) {
  PreferenceData data = judged(5, {3, 2});
  say(data, 0, {0, 1, 2}, 2);  // group 0: 0 > 1 > 2
  say(data, 1, {0, 2});        // group 0
  say(data, 2, {2, 1, 0});     // group 1: 2 > 1 and 2 > 0
  say(data, 3, {0, 1}, 0);     // group 1: a tie says nothing
  say(data, 3, {3, 4});        // group 1 balances on 3 and 4
  say(data, 2, {4, 3});
  say(data, 0, {3, 4});
  say(data, 4, {3, 4});  // of no known group
  const std::vector<std::int32_t> side = {0, 0, 1, 1, -1};
  const ConflictMatrix matrix = conflict_between(PairVotes(data), VoteGroups::by_user(side), 3);
  EXPECT_EQ(matrix.at(0, 1).shared, 2) << "0 and 2, 1 and 2; group 1 says nothing of 0 and 1";
  EXPECT_EQ(matrix.at(1, 0).opposite, 2);
  EXPECT_EQ(matrix.at(0, 2).shared, 0);
}

TEST(Conflict, OneVoiceAPersonHoweverOftenHeAnswers) {
  PreferenceData data = judged(4, {2});
  for (int times = 0; times < 5; ++times) {
    say(data, 0, {0, 1});
  }
  say(data, 1, {1, 0});
  say(data, 2, {1, 0});
  say(data, 3, {0, 1});
  const std::vector<std::int32_t> side = {0, 0, 0, 1};
  const ConflictMatrix matrix = conflict_between(PairVotes(data), VoteGroups::by_user(side), 2);
  EXPECT_EQ(matrix.at(0, 1).shared, 1);
  EXPECT_EQ(matrix.at(0, 1).opposite, 1) << "two of the three people of the first group prefer 1";
}

TEST(Conflict, IsTheSlowOneForUsersAndComparisons) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PreferenceData data = random_judgements(seed);
    for (const bool by_user : {true, false}) {
      const auto& codes = (by_user ? data.user_attributes.at("side") : data.comparison_attributes.at("mood")).codes;
      std::map<Pair, std::map<std::int32_t, std::map<std::int32_t, std::vector<int>>>> said;  // pair, group, user
      for (const auto& slow : slow_answers(data)) {
        const std::int32_t code = codes[by_user ? static_cast<std::size_t>(slow.user) : slow.row];
        if (slow.answer != 0 && code >= 0) {
          said[{slow.low, slow.high}][code][slow.user].push_back(slow.answer);
        }
      }
      ConflictMatrix expected(4);
      for (const auto& [pair, groups] : said) {
        std::map<std::int32_t, double> balance;
        for (const auto& [group, people] : groups) {
          for (const auto& [user, answers] : people) {
            double mean = 0;
            for (const int answer : answers) {
              mean += answer;
            }
            balance[group] += mean / static_cast<double>(answers.size());
          }
        }
        for (const auto& [one, first] : balance) {
          for (const auto& [other, second] : balance) {
            if (one < other && std::fabs(first) > 1e-9 && std::fabs(second) > 1e-9) {
              auto& cell = expected.at(static_cast<std::size_t>(one), static_cast<std::size_t>(other));
              ++cell.shared;
              cell.opposite += (first > 0) != (second > 0) ? 1 : 0;
            }
          }
        }
      }
      const ConflictMatrix found =
          conflict_between(PairVotes(data), by_user ? VoteGroups::by_user(codes) : VoteGroups::by_comparison(codes), 4);
      for (std::size_t one = 0; one < 4; ++one) {
        for (std::size_t other = one + 1; other < 4; ++other) {
          EXPECT_EQ(found.at(one, other).shared, expected.at(one, other).shared);
          EXPECT_EQ(found.at(one, other).opposite, expected.at(one, other).opposite);
        }
      }
    }
  }
}

TEST(Disagreement, ByHand) {
  PreferenceData data = judged(3, {2, 2, 2});
  say(data, 0, {0, 1});  // 0 and 1 share two pairs and differ on one: 1/2
  say(data, 1, {1, 0});
  say(data, 0, {2, 3});
  say(data, 1, {2, 3});
  say(data, 2, {2, 3});  // 2 shares one pair with each, and agrees: 0
  say(data, 2, {4, 5});  // nobody else's
  const Disagreement found = disagreement_between(PairVotes(data), 3);
  EXPECT_DOUBLE_EQ(found.between_people, (0.5 + 0 + 0) / 3);
  EXPECT_EQ(found.people_pairs, 3);
  EXPECT_EQ(found.people, 3);
  EXPECT_FALSE(found.sampled);
  EXPECT_EQ(found.answer_pairs, 1 + 3);
  EXPECT_DOUBLE_EQ(found.pooled, 1.0 / 4);
}

TEST(Disagreement, NobodySharesAnything) {
  PreferenceData data = judged(2, {2, 2});
  say(data, 0, {0, 1});
  say(data, 1, {2, 3});
  say(data, 1, {0, 1}, 0);
  const Disagreement found = disagreement_between(PairVotes(data), 2);
  EXPECT_TRUE(std::isnan(found.between_people));
  EXPECT_TRUE(std::isnan(found.pooled));
  EXPECT_EQ(found.people_pairs, 0);
}

/// The mean over pairs of people and the share over pairs of answers, one after the other.
std::pair<double, double> slow_disagreement(const PreferenceData& data) {
  std::map<std::int32_t, std::map<Pair, std::pair<double, double>>> said;  // user, pair: for low, all
  for (const auto& slow : slow_answers(data)) {
    if (slow.answer != 0) {
      auto& [low, all] = said[slow.user][{slow.low, slow.high}];
      low += slow.answer > 0 ? 1 : 0;
      all += 1;
    }
  }
  double sum = 0, people = 0, opposite = 0, shared = 0;
  for (const auto& [one, first] : said) {
    for (const auto& [other, second] : said) {
      double here = 0, both = 0;
      for (const auto& [pair, answer] : first) {
        if (one < other && second.contains(pair)) {
          const double m = answer.first / answer.second;
          const double w = second.at(pair).first / second.at(pair).second;
          here += m * (1 - w) + (1 - m) * w;
          both += 1;
        }
      }
      sum += both > 0 ? here / both : 0;
      people += both > 0 ? 1 : 0;
      opposite += here;
      shared += both;
    }
  }
  return {sum / people, opposite / shared};
}

TEST(Disagreement, IsTheSlowOneByTableAndBySorting) {
  int known = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PreferenceData data = random_judgements(seed);
    const auto [between, pooled] = slow_disagreement(data);
    const PairVotes votes(data);
    for (const std::int64_t people_in_table : {2000, 2}) {
      DisagreementBudget budget;
      budget.people_in_table = people_in_table;
      const Disagreement found = disagreement_between(votes, data.user_count(), budget);
      EXPECT_FALSE(found.sampled);
      ASSERT_EQ(std::isnan(found.pooled), std::isnan(pooled));
      if (!std::isnan(pooled)) {
        EXPECT_NEAR(found.pooled, pooled, 1e-12);
        EXPECT_NEAR(found.between_people, between, 1e-12);
        ++known;
      }
    }
  }
  EXPECT_GT(known, 300);
}

TEST(Disagreement, SamplesPeopleWhereAllWouldTakeTooLong) {
  // 60 people answer 40 pairs; half of them always prefer the first, half the second: 30 x 30 of 60 x 59 / 2 pairs of
  // people disagree on everything.
  PreferenceData data = judged(60, std::vector<std::int64_t>(40, 2));
  for (std::int32_t user = 0; user < 60; ++user) {
    for (std::int64_t pair = 0; pair < 40; ++pair) {
      say(data, user,
          user % 2 == 0 ? std::vector<std::int64_t>{2 * pair, 2 * pair + 1}
                        : std::vector<std::int64_t>{2 * pair + 1, 2 * pair});
    }
  }
  const PairVotes votes(data);
  const double exact = 900.0 / 1770;
  EXPECT_NEAR(disagreement_between(votes, 60).between_people, exact, 1e-12);
  for (const bool table : {true, false}) {
    DisagreementBudget budget;
    budget.people_in_table = table ? 25 : 2;
    budget.sorted = table ? 40 : 40 * 25 * 24 / 2;
    const Disagreement found = disagreement_between(votes, 60, budget);
    EXPECT_TRUE(found.sampled);
    EXPECT_GE(found.people, 20);
    EXPECT_LE(found.people, 25);
    EXPECT_EQ(found.people_pairs, found.people * (found.people - 1) / 2);
    EXPECT_NEAR(found.between_people, exact, 0.05);
    EXPECT_NEAR(found.pooled, exact, 1e-12) << "this one is always exact";
    EXPECT_EQ(disagreement_between(votes, 60, budget).between_people, found.between_people) << "the same every time";
  }
}

}  // namespace
}  // namespace fairsweep
