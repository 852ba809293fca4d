#include "objectives/training/robust_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

std::vector<double> row(const at::Tensor& table, std::int64_t k, std::int64_t count) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(table[k][i].item<double>());
  return values;
}

at::Tensor worst_of(const std::vector<double>& reference, const std::vector<double>& share, double worst) {
  const auto groups = static_cast<std::int64_t>(reference.size());
  const auto one_row = [&](const std::vector<double>& values) {
    return at::tensor(at::ArrayRef<double>(values), at::kDouble).view({1, groups});
  };
  return worst_share_weights(one_row(reference), one_row(share), at::tensor({worst}, at::kDouble));
}

TEST(EvenWeights, ArePaddedWithNothing) {
  const at::Tensor weights = even_weights(2, 5, at::TensorOptions(at::kDouble));
  ASSERT_EQ(weights.sizes(), at::IntArrayRef({2, k_block}));
  EXPECT_EQ(row(weights, 1, 5), std::vector<double>(5, 0.2));
  EXPECT_EQ(weights.narrow(1, 5, k_block - 5).abs().sum().item<double>(), 0.0);
}

TEST(MovedWeights, ByHandNumbers) {
  // Two trials: step sizes 1 and log 2. Losses 1, 2, 0 (absent).
  const at::Tensor q = even_weights(2, 3, at::TensorOptions(at::kDouble));
  const at::Tensor loss = at::tensor({1.0, 2.0, 0.0, 1.0, 2.0, 0.0}, at::kDouble).view({2, 3});
  const at::Tensor moved = moved_weights(q, loss, at::tensor({1.0, std::log(2.0)}, at::kDouble));
  const double e = std::exp(1.0);
  EXPECT_NEAR(moved[0][0].item<double>(), e / (1 + e + e * e), 1e-15);
  EXPECT_NEAR(moved[0][1].item<double>(), e * e / (1 + e + e * e), 1e-15);
  EXPECT_NEAR(moved[0][2].item<double>(), 1 / (1 + e + e * e), 1e-15);
  EXPECT_NEAR(moved[1][0].item<double>(), 2.0 / 7, 1e-15);
  EXPECT_NEAR(moved[1][1].item<double>(), 4.0 / 7, 1e-15);
  EXPECT_NEAR(moved[1][2].item<double>(), 1.0 / 7, 1e-15);
  EXPECT_EQ(moved.narrow(1, 3, k_block - 3).abs().sum().item<double>(), 0.0);
}

TEST(MovedWeights, ALargeStepDoesNotOverflow) {
  const at::Tensor q = even_weights(1, 2, at::TensorOptions(at::kFloat));
  const at::Tensor moved =
      moved_weights(q, at::tensor({100.0F, 300.0F}, at::kFloat).view({1, 2}), at::tensor({10.0F}, at::kFloat));
  EXPECT_EQ(moved[0][1].item<float>(), 1.0F);
  EXPECT_EQ(moved[0][0].item<float>(), 0.0F);
}

TEST(WorstShareWeights, ByHandNumbers) {
  // Groups of 10, 60 and 30 %, the first worst, then the third. The worst 20 %: all of the first, a third of the third.
  const at::Tensor weights = worst_of({0.9, 0.1, 0.5}, {0.1, 0.6, 0.3}, 0.2);
  EXPECT_NEAR(weights[0][0].item<double>(), 0.5, 1e-15);
  EXPECT_EQ(weights[0][1].item<double>(), 0.0);
  EXPECT_NEAR(weights[0][2].item<double>(), 0.5, 1e-15);
}

TEST(WorstShareWeights, OfEverybodyAreTheShares) {
  const at::Tensor weights = worst_of({3, 1, 2, 5}, {0.1, 0.2, 0.3, 0.4}, 1.0);
  const std::vector<double> shares = {0.1, 0.2, 0.3, 0.4};
  for (std::size_t g = 0; g < shares.size(); ++g)
    EXPECT_NEAR(weights[0][static_cast<std::int64_t>(g)].item<double>(), shares[g], 1e-15);
}

TEST(WorstShareWeights, OfLessThanTheWorstGroupIsThatGroup) {
  EXPECT_EQ(row(worst_of({1, 4, 2}, {0.5, 0.2, 0.3}, 0.2), 0, 3), (std::vector<double>{0, 1, 0}));
  EXPECT_EQ(row(worst_of({1, 4, 2}, {0.5, 0.2, 0.3}, 1e-6), 0, 3), (std::vector<double>{0, 1, 0}));
}

TEST(WorstShareWeights, OfEqualGroupsTheFirstGoesFirst) {
  EXPECT_EQ(row(worst_of({2, 2, 2}, {0.25, 0.5, 0.25}, 0.25), 0, 3), (std::vector<double>{1, 0, 0}));
}

/// The greedy sum in plain doubles.
std::vector<double> plain_worst(const std::vector<double>& reference, const std::vector<double>& share, double worst) {
  std::vector<std::size_t> order(reference.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return reference[a] > reference[b]; });
  std::vector<double> weights(reference.size(), 0.0);
  double left = 1;
  for (const std::size_t g : order) {
    weights[g] = std::min(left, share[g] / worst);
    left -= weights[g];
  }
  return weights;
}

TEST(WorstShareWeights, FollowThePlainTwinAndAttainTheGreatestMean) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    const std::size_t groups = 1 + random() % 7;
    std::vector<double> reference(groups), share(groups);
    for (std::size_t g = 0; g < groups; ++g) {
      reference[g] = std::floor(5 * uniform(random)) / 5;  // ties
      share[g] = uniform(random) + 1e-3;
    }
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    for (double& one : share)
      one /= sum;
    const double worst = 0.01 + 0.99 * uniform(random);
    const std::vector<double> weights = row(worst_of(reference, share, worst), 0, static_cast<std::int64_t>(groups));
    const std::vector<double> plain = plain_worst(reference, share, worst);
    double mean = 0;
    double total = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      EXPECT_NEAR(weights[g], plain[g], 1e-12) << "seed " << seed;
      EXPECT_LE(weights[g], share[g] / worst + 1e-12) << "seed " << seed;
      mean += weights[g] * reference[g];
      total += weights[g];
    }
    EXPECT_NEAR(total, 1, 1e-12) << "seed " << seed;
    // CVaR by its other definition (Rockafellar and Uryasev): the least over t of t + E max(L - t, 0) / worst.
    double least = std::numeric_limits<double>::infinity();
    for (const double t : reference) {
      double above = 0;
      for (std::size_t g = 0; g < groups; ++g)
        above += share[g] * std::max(reference[g] - t, 0.0);
      least = std::min(least, t + above / worst);
    }
    EXPECT_NEAR(mean, least, 1e-12) << "seed " << seed;
  }
}

at::Tensor log_weights(const std::vector<double>& weights) {
  at::Tensor table = at::full({1, k_block}, -std::numeric_limits<double>::infinity(), at::kDouble);
  const double most = *std::max_element(weights.begin(), weights.end());
  for (std::size_t u = 0; u < weights.size(); ++u)
    table[0][static_cast<std::int64_t>(u)] = std::log(weights[u] / most);
  return table;
}

std::vector<double> normalised(const at::Tensor& log_weight, std::size_t count) {
  const at::Tensor weight = log_weight.exp();
  return row(weight / weight.sum(-1, true), 0, static_cast<std::int64_t>(count));
}

TEST(CappedLogWeights, ByHandNumbers) {
  // 0.7, 0.2, 0.1 under a cap of 0.4: the first is cut to 0.4; the others share 0.6 as 2 to 1, so the second, which
  // would have exactly 0.4, stays.
  const std::vector<double> cut =
      normalised(capped_log_weights(log_weights({0.7, 0.2, 0.1}), at::tensor({0.4}, at::kDouble)), 3);
  EXPECT_NEAR(cut[0], 0.4, 1e-14);
  EXPECT_NEAR(cut[1], 0.4, 1e-14);
  EXPECT_NEAR(cut[2], 0.2, 1e-14);
}

TEST(CappedLogWeights, ACapThatBindsNobodyChangesNoBit) {
  const at::Tensor before = log_weights({0.5, 0.3, 0.15, 0.05});
  for (const double cap : {0.51, 0.8, 1.0})
    EXPECT_TRUE(capped_log_weights(before, at::tensor({cap}, at::kDouble)).equal(before)) << cap;
}

TEST(CappedLogWeights, TheSmallestCapMakesAllAlike) {
  for (const std::size_t count : {1UL, 3UL, 7UL, 30UL}) {
    std::vector<double> weights(count);
    for (std::size_t u = 0; u < count; ++u)
      weights[u] = std::pow(3.0, static_cast<double>(u));
    const at::Tensor cap = at::tensor({1.0 / static_cast<double>(count)}, at::kDouble);
    for (const double weight : normalised(capped_log_weights(log_weights(weights), cap), count))
      EXPECT_NEAR(weight, 1.0 / static_cast<double>(count), 1e-12) << count;
  }
}

TEST(CappedLogWeights, CutsAndKeepsProportionsLikeThePlainTwin) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    const std::size_t count = 2 + random() % 20;
    std::vector<double> weights(count);
    for (double& weight : weights)
      weight = std::exp(random() % 4 == 0 ? -1.0 : 8 * uniform(random));  // ties, and a wide range
    const double cap = (1 + static_cast<double>(count - 1) * uniform(random)) / static_cast<double>(count);
    const std::vector<double> cut =
        normalised(capped_log_weights(log_weights(weights), at::tensor({cap}, at::kDouble)), count);
    // The twin cuts who is above and spreads what is left over the others, until nobody is above.
    std::vector<double> plain(weights);
    std::vector<bool> at_cap(count, false);
    for (bool again = true; again;) {
      double free_mass = 1;
      double rest = 0;
      for (std::size_t u = 0; u < count; ++u)
        at_cap[u] ? free_mass -= cap : rest += weights[u];
      again = false;
      for (std::size_t u = 0; u < count; ++u) {
        plain[u] = at_cap[u] ? cap : weights[u] / rest * free_mass;
        if (!at_cap[u] && plain[u] > cap * (1 + 1e-12))
          again = at_cap[u] = true;
      }
    }
    for (std::size_t u = 0; u < count; ++u) {
      EXPECT_NEAR(cut[u], plain[u], 1e-11) << "seed " << seed << ", user " << u;
      EXPECT_LE(cut[u], cap * (1 + 1e-9)) << "seed " << seed;
    }
  }
}

TEST(CappedLogWeights, FarApartWeightsStayFinite) {
  at::Tensor far = log_weights({1, 1, 1});
  far[0][1] = -600.0;
  far[0][2] = -599.0;
  const std::vector<double> cut = normalised(capped_log_weights(far, at::tensor({0.5}, at::kDouble)), 3);
  EXPECT_NEAR(cut[0], 0.5, 1e-12);
  EXPECT_NEAR(cut[2] / cut[1], std::exp(1.0), 1e-9);
  EXPECT_NEAR(cut[1] + cut[2], 0.5, 1e-12);
}

}  // namespace
}  // namespace fairsweep
