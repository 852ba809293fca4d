#include "workers/data/groups/support_rate.hpp"
#include "workers/data/groups/support_groups.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

PreferenceData empty(std::int64_t users) {
  PreferenceData data;
  for (std::int64_t u = 0; u < users; ++u)
    data.user_names.push_back("u" + std::to_string(u));
  data.comparison_offset = {0};
  return data;
}

void say(PreferenceData& data, std::int32_t user, const std::vector<std::int64_t>& order, std::int32_t ranked = 1) {
  data.comparison_user.push_back(user);
  data.comparison_candidate.insert(data.comparison_candidate.end(), order.begin(), order.end());
  data.comparison_offset.push_back(static_cast<std::int64_t>(data.comparison_candidate.size()));
  data.comparison_ranked.push_back(ranked);
}

std::vector<std::int64_t> all_of(const PreferenceData& data) {
  std::vector<std::int64_t> rows(data.comparison_user.size());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TEST(SupportRate, ByHand) {
  // Pair (0, 1): users 0, 1, 2 say 0, user 3 says 1. Pair (2, 3): users 0 and 3 agree. User 4 answers alone.
  PreferenceData data = empty(6);
  say(data, 0, {0, 1});
  say(data, 1, {0, 1});
  say(data, 2, {0, 1});
  say(data, 3, {1, 0});
  say(data, 0, {3, 2});
  say(data, 3, {3, 2});
  say(data, 4, {4, 5});
  const auto rows = all_of(data);
  const std::vector<double> rates = support_rates(data, rows, rows);
  EXPECT_NEAR(rates[0], (2.0 / 3 + 1) / 2, 1e-15);
  EXPECT_NEAR(rates[1], 2.0 / 3, 1e-15);
  EXPECT_NEAR(rates[3], (0.0 + 1) / 2, 1e-15);
  EXPECT_TRUE(std::isnan(rates[4])) << "nobody else answered";
  EXPECT_TRUE(std::isnan(rates[5])) << "said nothing";
}

TEST(SupportRate, ReadsOnlyWhatItMay) {
  PreferenceData data = empty(3);
  say(data, 0, {0, 1});  // training
  say(data, 1, {0, 1});  // training
  say(data, 2, {1, 0});  // history of a held-out user
  say(data, 0, {1, 0});  // test: must not be seen
  const std::vector<std::int64_t> training = {0, 1};
  const std::vector<std::int64_t> shown = {0, 1, 2};
  const std::vector<double> rates = support_rates(data, shown, training);
  EXPECT_EQ(rates[0], 1) << "agrees with user 1; the held-out user is agreed with by nobody";
  EXPECT_EQ(rates[2], 0) << "against both training users";
}

TEST(SupportRate, ChoicesAndRankingsAnswerSeveralPairs) {
  PreferenceData data = empty(2);
  say(data, 0, {2, 0, 1});     // 2 over 0, 2 over 1
  say(data, 1, {0, 2, 1}, 2);  // 0 over 2, 0 over 1, 2 over 1
  const auto rows = all_of(data);
  const std::vector<double> rates = support_rates(data, rows, rows);
  EXPECT_NEAR(rates[0], 0.5, 1e-15) << "(0,2) differs, (1,2) agrees";
  EXPECT_NEAR(rates[1], 0.5, 1e-15) << "(0,1) was answered by user 1 alone";
}

TEST(SupportRate, IsTheSlowTwin) {
  const std::uint32_t seed = 20261121;
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    PreferenceData data = empty(7);
    std::vector<std::int64_t> training;
    for (std::int64_t row = 0; row < 60; ++row) {
      const auto a = static_cast<std::int64_t>(random() % 5);
      const auto b = static_cast<std::int64_t>((a + 1 + random() % 4) % 5);
      say(data, static_cast<std::int32_t>(random() % 7), {a, b});
      if (random() % 3 != 0)
        training.push_back(row);
    }
    const std::vector<double> fast = support_rates(data, all_of(data), training);
    // Votes of each user on each pair, as doubles; NaN: did not answer.
    const auto votes = [&](const std::vector<std::int64_t>& rows, std::int32_t user, std::int64_t low,
                           std::int64_t high) {
      double sum = 0;
      double count = 0;
      for (const std::int64_t row : rows) {
        const auto at = static_cast<std::size_t>(row);
        const std::int64_t first = data.comparison_candidate[2 * at];
        const std::int64_t second = data.comparison_candidate[2 * at + 1];
        if (data.comparison_user[at] != user || std::min(first, second) != low || std::max(first, second) != high)
          continue;
        sum += first == low ? 1 : 0;
        count += 1;
      }
      return count > 0 ? sum / count : NAN;
    };
    for (std::int32_t user = 0; user < 7; ++user) {
      double sum = 0;
      double pairs = 0;
      for (std::int64_t low = 0; low < 5; ++low) {
        for (std::int64_t high = low + 1; high < 5; ++high) {
          const double own = votes(all_of(data), user, low, high);
          double agreement = 0;
          double others = 0;
          for (std::int32_t other = 0; other < 7; ++other) {
            const double vote = votes(training, other, low, high);
            if (other == user || std::isnan(vote) || std::isnan(own))
              continue;
            agreement += own * vote + (1 - own) * (1 - vote);
            others += 1;
          }
          if (others > 0) {
            sum += agreement / others;
            pairs += 1;
          }
        }
      }
      if (pairs > 0)
        EXPECT_NEAR(fast[static_cast<std::size_t>(user)], sum / pairs, 1e-12) << "seed " << seed << " round " << round;
      else
        EXPECT_TRUE(std::isnan(fast[static_cast<std::size_t>(user)]));
    }
  }
}

GroupSettings at_quantile(double q) {
  GroupSettings settings;
  settings.by = "support_rate";
  settings.quantile = q;
  return settings;
}

TEST(GroupsBySupport, SplitAtTheQuantileOfTrainingUsers) {
  const std::vector<double> rates = {0.9, 0.2, 0.7, 0.4, NAN, 0.1, 0.8};
  const std::vector<bool> trained = {true, true, true, true, true, false, true};
  // Known rates of training users: .2 .4 .7 .8 .9; the quantile at .3 is .4 + .2 * .3 = .46.
  EXPECT_EQ(groups_by_support(rates, trained, at_quantile(0.3)).group,
            (std::vector<std::int32_t>{0, 1, 0, 1, -1, 1, 0}));
  EXPECT_EQ(groups_by_support(rates, trained, at_quantile(0.0)).group,
            (std::vector<std::int32_t>{0, 1, 0, 0, -1, 1, 0}));
}

TEST(GroupsBySupport, SaysWhereItCannot) {
  EXPECT_THROW((void)groups_by_support({NAN, NAN}, {true, true}, at_quantile(0.3)), UserError);
  EXPECT_THROW((void)groups_by_support({0.5, 0.5}, {true, true}, at_quantile(0.3)), UserError) << "nobody above";
}

}  // namespace
}  // namespace fairsweep
