#include "workers/data/description/ceiling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/judgements.hpp"

namespace fairsweep {
namespace {

using testing_support::judged;
using testing_support::random_judgements;
using testing_support::say;
using testing_support::slow_answers;

TEST(Ceiling, ByHand) {
  PreferenceData data = judged(4, {2, 2, 2, 2});
  say(data, 0, {0, 1});  // three to one: max(p, 1 - p) = 3/4
  say(data, 1, {0, 1});  // leaving one out: the three are predicted 2:1 for them, the one 3:0 against it: 3/4
  say(data, 2, {0, 1});
  say(data, 3, {1, 0});
  say(data, 0, {2, 3});  // one to one: 1/2; the other one is always opposite: 0
  say(data, 1, {3, 2});
  say(data, 2, {2, 3}, 0);  // a tie is left out
  say(data, 0, {4, 5});     // two to one: 2/3; each of the two sees one for, one against: half right; the one: 0
  say(data, 1, {4, 5});
  say(data, 2, {5, 4});
  say(data, 0, {6, 7});  // one vote is too few
  const SingleModelCeiling two = single_model_ceiling(PairVotes(data), {}, 1);
  EXPECT_EQ(two.pairs, 3);
  EXPECT_EQ(two.votes, 4 + 2 + 3);
  EXPECT_DOUBLE_EQ(two.plug_in, (3.0 / 4 + 1.0 / 2 + 2.0 / 3) / 3);
  EXPECT_DOUBLE_EQ(two.leave_one_out, (3.0 / 4 + 0 + 1.0 / 3) / 3);
  const SingleModelCeiling four = single_model_ceiling(PairVotes(data), {}, 1, 4);
  EXPECT_EQ(four.pairs, 1);
  EXPECT_EQ(four.plug_in, 0.75);
  EXPECT_EQ(four.leave_one_out, 0.75);
  const SingleModelCeiling five = single_model_ceiling(PairVotes(data), {}, 1, 5);
  EXPECT_EQ(five.pairs, 0);
  EXPECT_TRUE(std::isnan(five.plug_in));
  EXPECT_TRUE(std::isnan(five.leave_one_out));
  EXPECT_THROW((void)single_model_ceiling(PairVotes(data), {}, 1, 1), InternalError);
}

TEST(Ceiling, GroupsWeighTheSame) {
  // Three of the large group for one side, one against; the small group's only person is against. p = (3/4 + 0) / 2.
  PreferenceData data = judged(6, {2, 2});
  say(data, 0, {0, 1});
  say(data, 1, {0, 1});
  say(data, 2, {0, 1});
  say(data, 3, {1, 0});
  say(data, 4, {1, 0});
  say(data, 5, {0, 1});  // of no known group
  say(data, 0, {2, 3});  // only one group judged it
  say(data, 1, {2, 3});
  const std::vector<std::int32_t> side = {0, 0, 0, 0, 1, -1};
  const SingleModelCeiling found = single_model_ceiling(PairVotes(data), VoteGroups::by_user(side), 2);
  EXPECT_EQ(found.pairs, 1);
  EXPECT_EQ(found.votes, 5);
  EXPECT_DOUBLE_EQ(found.plug_in, 1 - 0.375);
  // Without one of the three: (2/3 + 0) / 2 = 1/3, so wrong on each. Without the fourth: (1 + 0) / 2, half right.
  // Without the small group's one: 3/4, wrong on him. Large group (0 + 0 + 0 + 1/2) / 4, small group 0.
  EXPECT_DOUBLE_EQ(found.leave_one_out, (0.125 + 0) / 2);
}

/// Share of one pair's voices for the first candidate, and the same without a voice; obvious and slow.
double slow_share(const std::map<std::int32_t, std::vector<double>>& groups, std::int32_t left_group,
                  std::size_t left) {
  double sum = 0, count = 0;
  for (const auto& [group, voices] : groups) {
    double mean = 0, here = 0;
    for (std::size_t at = 0; at < voices.size(); ++at) {
      if (group != left_group || at != left) {
        mean += voices[at];
        here += 1;
      }
    }
    sum += here > 0 ? mean / here : 0;
    count += here > 0 ? 1 : 0;
  }
  return sum / count;
}

TEST(Ceiling, IsTheSlowOne) {
  int measured = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PreferenceData data = random_judgements(seed);
    for (const bool grouped : {false, true}) {
      const auto& codes = data.user_attributes.at("side").codes;
      std::map<std::pair<std::int64_t, std::int64_t>, std::map<std::int32_t, std::map<std::int32_t, std::vector<int>>>>
          said;
      for (const auto& slow : slow_answers(data)) {
        const std::int32_t group = grouped ? codes[static_cast<std::size_t>(slow.user)] : 0;
        if (slow.answer != 0 && group >= 0) {
          said[{slow.low, slow.high}][group][slow.user].push_back(slow.answer > 0 ? 1 : 0);
        }
      }
      double plug_in = 0, leave_one_out = 0, pairs = 0;
      for (const auto& [pair, people_of] : said) {
        std::map<std::int32_t, std::vector<double>> groups;
        std::size_t voices = 0;
        for (const auto& [group, people] : people_of) {
          for (const auto& [user, answers] : people) {
            double sum = 0;
            for (const int answer : answers) {
              sum += answer;
            }
            groups[group].push_back(sum / static_cast<double>(answers.size()));
            ++voices;
          }
        }
        if (voices < 2 || (grouped && groups.size() < 2)) {
          continue;
        }
        const double p = slow_share(groups, -1, 0);
        double right = 0;
        for (const auto& [group, of_group] : groups) {
          for (std::size_t at = 0; at < of_group.size(); ++at) {
            const double others = slow_share(groups, group, at);
            const double accuracy = std::fabs(others - 0.5) < 1e-9 ? 0.5
                                    : others > 0.5                 ? of_group[at]
                                                                   : 1 - of_group[at];
            right += accuracy / static_cast<double>(of_group.size()) / static_cast<double>(groups.size());
          }
        }
        plug_in += std::max(p, 1 - p);
        leave_one_out += right;
        pairs += 1;
      }
      const SingleModelCeiling found =
          single_model_ceiling(PairVotes(data), grouped ? VoteGroups::by_user(codes) : VoteGroups(), grouped ? 4 : 1);
      ASSERT_EQ(static_cast<double>(found.pairs), pairs);
      if (pairs > 0) {
        EXPECT_NEAR(found.plug_in, plug_in / pairs, 1e-12);
        EXPECT_NEAR(found.leave_one_out, leave_one_out / pairs, 1e-12);
        ++measured;
      }
    }
  }
  EXPECT_GT(measured, 200);
}

TEST(Ceiling, LiesBetweenTheTwoNumbers) {
  // Known shares, five votes a pair: the plug-in is too high, leave-one-out too low, both by several points.
  constexpr std::uint64_t k_seed = 11;
  SCOPED_TRACE("seed " + std::to_string(k_seed));
  std::mt19937_64 generator(k_seed);
  constexpr std::int64_t k_pairs = 4000;
  PreferenceData data = judged(5, std::vector<std::int64_t>(k_pairs, 2));
  double truth = 0;
  for (std::int64_t pair = 0; pair < k_pairs; ++pair) {
    const double p = std::uniform_real_distribution<double>(0.3, 0.9)(generator);
    truth += std::max(p, 1 - p) / static_cast<double>(k_pairs);
    for (std::int32_t user = 0; user < 5; ++user) {
      const bool first = std::uniform_real_distribution<double>(0, 1)(generator) < p;
      say(data, user,
          first ? std::vector<std::int64_t>{2 * pair, 2 * pair + 1}
                : std::vector<std::int64_t>{2 * pair + 1, 2 * pair});
    }
  }
  const SingleModelCeiling found = single_model_ceiling(PairVotes(data), {}, 1);
  EXPECT_GT(found.plug_in, truth + 0.02);
  EXPECT_LT(found.leave_one_out, truth - 0.02);
}

}  // namespace
}  // namespace fairsweep
