#include "objectives/metrics/borda/borda_count.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::fairness {
namespace {

using Order = std::vector<std::int64_t>;

TEST(BordaCount, WinsOverMeetingsByHand) {
  BordaCount count(5);
  count.add(Order{0, 1}, 1, 1);             // 0 beats 1
  count.add(Order{1, 0}, 1, 3);             // 1 beats 0, three times as heavy
  count.add(Order{0, 2, 3}, 1, 1);          // 0 is chosen of three: beats 2 and 3
  count.add(Order{2, 3, 0}, 2, 2);          // 2 before 3 before 0
  EXPECT_DOUBLE_EQ(count.of(0), 3.0 / 10);  // wins 1 + 2; losses 3 + 4
  EXPECT_DOUBLE_EQ(count.of(1), 3.0 / 4);
  EXPECT_DOUBLE_EQ(count.of(2), 4.0 / 5);
  EXPECT_DOUBLE_EQ(count.of(3), 2.0 / 5);  // beats 0; lost to 0 and, twice as heavy, to 2
  EXPECT_TRUE(std::isnan(count.of(4)));
}

TEST(BordaCount, ATieSaysNothing) {
  BordaCount count(2);
  count.add(Order{0, 1}, 0, 1);
  EXPECT_TRUE(std::isnan(count.of(0)));
}

/// Three types of people on a ring of 40 answers, by their distance to an answer each likes best (Shirali et al.,
/// arXiv 2502.16320, figure 4).
std::vector<std::vector<double>> ring_rewards() {
  const double rates[] = {0.075, 0.1, 0.075}, scales[] = {4, 1.5, 4};
  const int shifts[] = {-10, 0, 10};
  std::vector<std::vector<double>> rewards(3);
  for (std::size_t type = 0; type < 3; ++type) {
    for (int answer = -20; answer < 20; ++answer) {
      const int apart = std::abs(answer - shifts[type]) % 40;
      const int distance = std::min(apart, 40 - apart);
      rewards[type].push_back(scales[type] * std::max(0.0, 1 - rates[type] * distance));
    }
  }
  return rewards;
}

std::vector<double> mean_reward(const std::vector<std::vector<double>>& rewards) {
  std::vector<double> mean(rewards.front().size(), 0.0);
  for (const auto& of_type : rewards) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += of_type[i] / static_cast<double>(rewards.size());
    }
  }
  return mean;
}

TEST(ExpectedBordaCounts, TheRingOfThreeTypes) {
  const auto rewards = ring_rewards();
  const std::vector<double> mean = mean_reward(rewards);
  const auto counts =
      expected_borda_counts(rewards, std::vector<double>(3, 1.0 / 3), std::vector<double>(40, 1.0 / 40));
  EXPECT_NEAR(counts[20], 0.55116, 5e-6);  // the answer in the middle has the largest count
  EXPECT_NEAR(counts[10], 0.52473, 5e-6);
  EXPECT_NEAR(counts[30], 0.52473, 5e-6);
  EXPECT_EQ(std::ranges::max_element(counts) - counts.begin(), 20);
  EXPECT_NEAR(mean[20], 1.1667, 5e-5);  // and not the largest mean reward
  EXPECT_NEAR(mean[10], 1.3333, 5e-5);
  EXPECT_NEAR(order_agreement(counts, mean), 0.8167, 5e-5);
  EXPECT_NEAR(order_agreement(counts, mean), 597.0 / 731, 1e-12);  // 49 of the 780 pairs have equal mean reward
}

TEST(ExpectedBordaCounts, TwoCandidatesByHand) {
  // One type: sigma(log 3) = 3/4. A candidate meets itself half of the time: (1/2 + 3/4) / 2.
  const auto counts =
      expected_borda_counts({{std::log(3.0), 0}}, std::vector<double>{1}, std::vector<double>{0.5, 0.5});
  EXPECT_NEAR(counts[0], 0.625, 1e-15);
  EXPECT_NEAR(counts[1], 0.375, 1e-15);
  EXPECT_THROW((void)expected_borda_counts({{1, 2}}, std::vector<double>{1}, std::vector<double>{1}), InternalError);
}

TEST(ExpectedBordaCounts, ManyComparisonsComeNear) {
  const std::uint64_t seed = 17;
  const auto rewards = ring_rewards();
  const auto wanted =
      expected_borda_counts(rewards, std::vector<double>(3, 1.0 / 3), std::vector<double>(40, 1.0 / 40));
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  BordaCount count(40);
  for (int i = 0; i < 400000; ++i) {
    const auto& reward = rewards[random() % 3];
    const auto one = static_cast<std::int64_t>(random() % 40), other = static_cast<std::int64_t>(random() % 40);
    const double likes =
        1 / (1 + std::exp(reward[static_cast<std::size_t>(other)] - reward[static_cast<std::size_t>(one)]));
    count.add(uniform(random) < likes ? Order{one, other} : Order{other, one}, 1, 1);
  }
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_NEAR(count.of(i), wanted[i], 0.02) << "seed " << seed << ", five standard errors of 20,000 meetings";
  }
}

TEST(OrderAgreement, ByHand) {
  const std::vector<double> wanted = {1, 2, 3, 3};
  EXPECT_EQ(order_agreement(wanted, wanted), 1);
  EXPECT_EQ(order_agreement(std::vector<double>{3, 2, 1, 1}, wanted), 0);
  EXPECT_EQ(order_agreement(std::vector<double>{5, 5, 5, 5}, wanted), 0.5);
  // Five pairs are told apart: 1 < 2 turned round, the rest alike.
  EXPECT_DOUBLE_EQ(order_agreement(std::vector<double>{2, 1, 7, 9}, wanted), 0.8);
  EXPECT_DOUBLE_EQ(order_agreement(std::vector<double>{2, std::nan(""), 7, 9}, wanted), 1);
  EXPECT_TRUE(std::isnan(order_agreement(std::vector<double>{1, 2}, std::vector<double>{3, 3})));
}

}  // namespace
}  // namespace fairsweep::fairness
