#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "tests/workers/data/judgements.hpp"
#include "workers/data/description/identifiability.hpp"
#include "workers/data/description/pair_votes.hpp"
#include "workers/data/description/quantile.hpp"
#include "workers/data/description/support_summary.hpp"
#include "workers/data/description/vote_counts.hpp"
#include "workers/data/groups/support_rate.hpp"

namespace fairsweep {
namespace {

using testing_support::all_rows;
using testing_support::judged;
using testing_support::random_judgements;
using testing_support::say;
using testing_support::slow_answers;

TEST(PairVotes, OfEachKindOfComparison) {
  PreferenceData data = judged(2, {2, 4});
  say(data, 0, {1, 0});           // one pair
  say(data, 1, {3, 2, 5});        // a choice of three: 3 before 2, 3 before 5
  say(data, 0, {5, 4, 3, 2}, 3);  // a full ranking: six pairs
  say(data, 1, {2, 4, 5}, 0);     // a tie of three: three pairs
  const PairVotes votes(data);
  EXPECT_EQ(votes.all().size(), 1U + 2 + 6 + 3);
  ASSERT_EQ(votes.pair_count(), 1U + 6);
  EXPECT_EQ(votes.pair(0).low, 0);
  EXPECT_EQ(votes.pair(0).high, 1);
  ASSERT_EQ(votes.votes(0).size(), 1U);
  EXPECT_EQ(votes.votes(0)[0].answer, PairAnswer::high);
  // 2 and 5: user 0 ranks 5 first, user 1 ties them; 2 and 3: user 0 (3 first), user 1 (3 first).
  EXPECT_EQ(votes.pair(1).high, 3);
  ASSERT_EQ(votes.votes(1).size(), 2U);
  EXPECT_EQ(votes.votes(1)[0].answer, PairAnswer::high);
  EXPECT_EQ(votes.votes(1)[1].comparison, 1);
  EXPECT_EQ(votes.pair(3).high, 5);
  EXPECT_EQ(votes.votes(3)[0].answer, PairAnswer::high);
  EXPECT_EQ(votes.votes(3)[1].answer, PairAnswer::tie);
}

TEST(PairVotes, AreTheSlowOnes) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PreferenceData data = random_judgements(seed);
    std::set<std::tuple<std::int64_t, std::int64_t, std::int32_t, std::int64_t, int>> expected, found;
    for (const auto& slow : slow_answers(data)) {
      expected.emplace(slow.low, slow.high, slow.user, static_cast<std::int64_t>(slow.row), slow.answer);
    }
    const PairVotes votes(data);
    std::pair<std::int64_t, std::int64_t> before{-1, -1};
    for (std::size_t at = 0; at < votes.pair_count(); ++at) {
      const std::pair<std::int64_t, std::int64_t> here{votes.pair(at).low, votes.pair(at).high};
      EXPECT_LT(before, here) << "pairs are in order";
      before = here;
      EXPECT_FALSE(votes.votes(at).empty());
      for (const PairVote& vote : votes.votes(at)) {
        found.emplace(here.first, here.second, vote.user, vote.comparison,
                      vote.answer == PairAnswer::tie ? 0 : (vote.answer == PairAnswer::low ? 1 : -1));
      }
    }
    EXPECT_EQ(found, expected);
    EXPECT_EQ(votes.all().size(), expected.size());
  }
}

TEST(Voices, AreOneForEachPersonAndGroup) {
  PreferenceData data = judged(2, {2});
  say(data, 0, {0, 1});
  say(data, 1, {1, 0});
  say(data, 0, {1, 0});
  say(data, 0, {0, 1});
  say(data, 0, {0, 1}, 0);
  const PairVotes votes(data);
  std::vector<Voice> voices;
  voices_of(votes.votes(0), {}, voices);
  ASSERT_EQ(voices.size(), 2U);
  EXPECT_EQ(voices[0].ordered, 3);
  EXPECT_EQ(voices[0].ties, 1);
  EXPECT_DOUBLE_EQ(voices[0].prefers_low, 2.0 / 3);
  EXPECT_EQ(voices[1].prefers_low, 0);
  const std::vector<std::int32_t> mood = {0, 0, 1, -1, 0};
  voices_of(votes.votes(0), VoteGroups::by_comparison(mood), voices);
  ASSERT_EQ(voices.size(), 4U) << "user 0 in two moods and one not known, user 1 in one";
  EXPECT_EQ(voices[0].group, 0);
  EXPECT_EQ(voices[0].ordered, 1);
  EXPECT_EQ(voices[0].ties, 1);
  EXPECT_EQ(voices[1].group, 1);
  EXPECT_EQ(voices[1].prefers_low, 0);
  EXPECT_EQ(voices[2].group, -1);
  EXPECT_EQ(voices[3].user, 1);
  const std::vector<std::int32_t> side = {1, -1};
  voices_of(votes.votes(0), VoteGroups::by_user(side), voices);
  ASSERT_EQ(voices.size(), 2U);
  EXPECT_EQ(voices[0].group, 1);
  EXPECT_EQ(voices[1].group, -1);
}

TEST(VoteCounts, ByHand) {
  PreferenceData data = judged(3, {2, 2, 2, 2});
  say(data, 0, {0, 1});  // pair 0: two of one mind, and a tie
  say(data, 1, {0, 1});
  say(data, 2, {0, 1}, 0);
  say(data, 0, {2, 3});  // pair 1: two of two minds, one of them twice
  say(data, 1, {3, 2});
  say(data, 1, {3, 2});
  say(data, 0, {4, 5});     // pair 2: one person only
  say(data, 0, {6, 7}, 0);  // pair 3: two ties
  say(data, 2, {7, 6}, 0);
  const VoteCounts counts = count_votes(PairVotes(data));
  EXPECT_EQ(counts.pairs, 4);
  EXPECT_EQ(counts.answers, 9);
  EXPECT_EQ(counts.ties, 3);
  EXPECT_EQ(counts.votes, 3 + 2 + 1 + 2) << "answering again is no second vote";
  EXPECT_EQ(counts.least_per_pair, 1);
  EXPECT_EQ(counts.median_per_pair, 2);
  EXPECT_EQ(counts.most_per_pair, 3);
  EXPECT_EQ(counts.by_two, 3);
  EXPECT_EQ(counts.ordered_by_two, 2);
  EXPECT_EQ(counts.unanimous, 1);
  EXPECT_EQ(counts.unanimous_with_ties, 1) << "the two ties; in pair 0 a tie contradicts";
}

TEST(VoteCounts, WhoContradictsHimselfAgreesWithNobody) {
  PreferenceData data = judged(2, {2});
  say(data, 0, {0, 1});
  say(data, 0, {1, 0});
  say(data, 1, {0, 1});
  const VoteCounts counts = count_votes(PairVotes(data));
  EXPECT_EQ(counts.ordered_by_two, 1);
  EXPECT_EQ(counts.unanimous, 0);
  EXPECT_EQ(counts.unanimous_with_ties, 0);
}

TEST(VoteCounts, AreTheSlowOnes) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PreferenceData data = random_judgements(seed);
    std::map<std::pair<std::int64_t, std::int64_t>, std::map<std::int32_t, std::set<int>>> said;
    for (const auto& slow : slow_answers(data)) {
      said[{slow.low, slow.high}][slow.user].insert(slow.answer);
    }
    std::int64_t votes = 0, unanimous = 0, unanimous_with_ties = 0, by_two = 0, ordered_by_two = 0;
    for (const auto& [pair, people] : said) {
      std::set<int> orders, answers;
      std::int64_t ordered = 0;
      for (const auto& [user, given] : people) {
        std::set<int> without_ties = given;
        without_ties.erase(0);
        ordered += without_ties.empty() ? 0 : 1;
        orders.insert(without_ties.begin(), without_ties.end());
        answers.insert(given.begin(), given.end());
      }
      votes += std::ssize(people);
      by_two += people.size() > 1 ? 1 : 0;
      ordered_by_two += ordered > 1 ? 1 : 0;
      unanimous += ordered > 1 && orders.size() == 1 ? 1 : 0;
      unanimous_with_ties += people.size() > 1 && answers.size() == 1 ? 1 : 0;
    }
    const VoteCounts counts = count_votes(PairVotes(data));
    EXPECT_EQ(counts.pairs, std::ssize(said));
    EXPECT_EQ(counts.votes, votes);
    EXPECT_EQ(counts.by_two, by_two);
    EXPECT_EQ(counts.ordered_by_two, ordered_by_two);
    EXPECT_EQ(counts.unanimous, unanimous);
    EXPECT_EQ(counts.unanimous_with_ties, unanimous_with_ties);
  }
}

TEST(Quantile, IsLinearBetweenNeighbours) {
  const std::vector<std::int64_t> values = {1, 2, 4, 8};
  const std::span<const std::int64_t> sorted(values);
  EXPECT_EQ(quantile_of_sorted(sorted, 0), 1);
  EXPECT_EQ(quantile_of_sorted(sorted, 0.5), 3);
  EXPECT_EQ(quantile_of_sorted(sorted, 1.0 / 6), 1.5);
  EXPECT_EQ(quantile_of_sorted(sorted, 1), 8);
  EXPECT_EQ(quantile_of_sorted(sorted.first(1), 0.3), 1);
  EXPECT_TRUE(std::isnan(quantile_of_sorted(sorted.first(0), 0.5)));
}

TEST(Support, IsTheRateThatGroupsAreMadeOf) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PreferenceData data = random_judgements(seed);
    const auto rows = all_rows(data);
    const std::vector<double> expected = support_rates(data, rows, rows);
    const SupportSummary summary = support_summary(PairVotes(data), data.user_count());
    ASSERT_EQ(summary.rates.size(), expected.size());
    std::int64_t known = 0;
    for (std::size_t user = 0; user < expected.size(); ++user) {
      EXPECT_EQ(std::isnan(summary.rates[user]), std::isnan(expected[user])) << "user " << user;
      if (!std::isnan(expected[user])) {
        EXPECT_NEAR(summary.rates[user], expected[user], 1e-12) << "user " << user;
        ++known;
      }
    }
    EXPECT_EQ(summary.users, known);
  }
}

TEST(Support, QuantilesAndGroupsByHand) {
  PreferenceData data = judged(4, {2});
  say(data, 0, {0, 1});
  say(data, 1, {0, 1});
  say(data, 2, {1, 0});
  const SupportSummary summary = support_summary(PairVotes(data), data.user_count());
  EXPECT_EQ(summary.users, 3);  // rates 1/2, 1/2, 0; user 3 has none
  EXPECT_EQ(summary.values[0], 0);
  EXPECT_EQ(summary.values[3], 0.5);
  EXPECT_EQ(summary.values[6], 0.5);
  const GroupSupport group = support_of_group(summary, {1, 0, 1, 1}, 1);
  EXPECT_EQ(group.users, 2);
  EXPECT_EQ(group.mean, 0.25);
  EXPECT_TRUE(std::isnan(support_of_group(summary, {1, 0, 1, 1}, 2).mean));
}

TEST(Identifiability, CountsTheTypesTheMedianSupports) {
  const std::vector<std::pair<int, std::int64_t>> types = {{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 3}, {7, 4}};
  for (const auto& [votes, most] : types) {
    PreferenceData data = judged(2, {3});
    for (int at = 0; at < votes; ++at) {
      say(data, 0, {0, 1, 2});
    }
    const Identifiability found = identifiability_of(data);
    EXPECT_EQ(found.median_votes, votes) << "who has no comparison does not count";
    EXPECT_EQ(found.most_types, most);
    EXPECT_FALSE(found.pairs_only);
    EXPECT_EQ(found.warnings.size(), votes < 2 ? 1U : 0U);
  }
}

TEST(Identifiability, WarnsOfFewVotesAndOfPairs) {
  PreferenceData data = judged(3, {3});
  say(data, 0, {0, 1});
  say(data, 1, {0, 1, 2}, 0);  // ties are no votes and make nothing a ranking
  say(data, 2, {0, 1});
  say(data, 2, {1, 2});
  const Identifiability found = identifiability_of(data);
  EXPECT_EQ(found.median_votes, 1);
  EXPECT_TRUE(found.pairs_only);
  ASSERT_EQ(found.warnings.size(), 2U);
  EXPECT_EQ(found.warnings[0].code, "few_votes");
  EXPECT_EQ(found.warnings[1].code, "pairs_only");
}

TEST(Identifiability, OnlyTiesSupportNoType) {
  PreferenceData data = judged(1, {2});
  say(data, 0, {0, 1}, 0);
  const Identifiability found = identifiability_of(data);
  EXPECT_EQ(found.median_votes, 0);
  EXPECT_EQ(found.most_types, 0);
  EXPECT_FALSE(found.pairs_only);
}

}  // namespace
}  // namespace fairsweep
