#include "objectives/training/combine_rule.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

using Rows = std::vector<std::vector<double>>;

constexpr std::array<CombineRule, 4> k_rules = {CombineRule::reward_combination, CombineRule::advantage_combination,
                                                CombineRule::gdpo, CombineRule::dvao};

/// One context: [1, G, O].
at::Tensor one_context(const Rows& rows) {
  const auto candidates = static_cast<std::int64_t>(rows.size());
  const auto objectives = static_cast<std::int64_t>(rows.front().size());
  at::Tensor rewards = at::empty({1, candidates, objectives}, at::kDouble);
  for (std::int64_t j = 0; j < candidates; ++j) {
    for (std::int64_t k = 0; k < objectives; ++k)
      rewards[0][j][k] = rows[static_cast<std::size_t>(j)][static_cast<std::size_t>(k)];
  }
  return rewards;
}

at::Tensor everybody(const at::Tensor& rewards) { return at::ones({rewards.size(0), rewards.size(1)}, at::kBool); }

at::Tensor row(const std::vector<double>& values) {
  return at::tensor(at::ArrayRef<double>(values), at::kDouble).unsqueeze(0);
}

std::vector<double> advantages(CombineRule rule, const Rows& rows, const std::vector<double>& weights) {
  const at::Tensor rewards = one_context(rows);
  const at::Tensor result = combined_advantages(rule, rewards, everybody(rewards), row(weights)).contiguous();
  return {result.data_ptr<double>(), result.data_ptr<double>() + result.numel()};
}

void expect_near(const std::vector<double>& left, const std::vector<double>& right, double tolerance) {
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    EXPECT_NEAR(left[i], right[i], tolerance) << i;
}

struct Vector {
  Rows rewards;
  std::vector<double> weights, dvao_weights, reward, advantage, dvao;
  double shrink;
};

/// Worked out by hand and by another program; six digits.
const std::vector<Vector>& vectors() {
  static const std::vector<Vector> k_vectors = {
      {{{1, 0}, {1, 1}, {0, 1}, {0, 1}},
       {.5, .5},
       {.535898, .464102},
       {-.577350, 1.732051, -.577350, -.577350},
       {-.366025, .788675, -.211325, -.211325},
       {-.267949, .803848, -.267949, -.267949},
       .464102},
      {{{1, 0}, {1, 1}, {0, 1}, {0, 1}},
       {.3, .7},
       {.331046, .668954},
       {-1.507557, 1.306549, .100504, .100504},
       {-.912436, .704145, .104145, .104145},
       {-.827616, .717267, .055174, .055174},
       .548978},
      {{{.9, .2}, {.4, .6}, {.1, .5}, {.6, .7}},
       {.5, .5},
       {.609129, .390871},
       {.392232, 0, -1.568929, 1.176697},
       {-.115789, .095763, -.685994, .706021},
       {.208929, 0, -.835718, .626788},
       .532668},
      {{{1, 1}, {0, 1}, {1, 1}, {0, 1}}, {.5, .5}, {1, 0}, {1, -1, 1, -1}, {.5, -.5, .5, -.5}, {1, -1, 1, -1}, 1}};
  return k_vectors;
}

TEST(CombineRule, GivesTheNumbersWorkedOutElsewhere) {
  for (const Vector& vector : vectors()) {
    expect_near(advantages(CombineRule::reward_combination, vector.rewards, vector.weights), vector.reward, 1e-6);
    expect_near(advantages(CombineRule::advantage_combination, vector.rewards, vector.weights), vector.advantage, 1e-6);
    expect_near(advantages(CombineRule::dvao, vector.rewards, vector.weights), vector.dvao, 1e-6);
    const at::Tensor rewards = one_context(vector.rewards);
    const at::Tensor weights = dvao_weights(rewards, everybody(rewards), row(vector.weights));
    EXPECT_NEAR(weights[0][0].item<double>(), vector.dvao_weights[0], 1e-6);
    EXPECT_NEAR(weights[0][1].item<double>(), vector.dvao_weights[1], 1e-6);
    for (std::size_t j = 0; j < vector.dvao.size(); ++j)
      EXPECT_NEAR(vector.dvao[j], vector.shrink * vector.reward[j], 1e-5);
  }
}

/// Random contexts with absent candidates.
struct Draw {
  at::Tensor rewards, present, weights;
};

Draw draw(std::mt19937& random, std::int64_t contexts, std::int64_t candidates, std::int64_t objectives, bool absent) {
  std::uniform_real_distribution<double> uniform(0, 1);
  Draw made{at::empty({contexts, candidates, objectives}, at::kDouble), at::ones({contexts, candidates}, at::kBool),
            at::empty({contexts, objectives}, at::kDouble)};
  for (std::int64_t i = 0; i < made.rewards.numel(); ++i)
    made.rewards.data_ptr<double>()[i] = uniform(random);
  for (std::int64_t i = 0; i < made.weights.numel(); ++i)
    made.weights.data_ptr<double>()[i] = 0.05 + uniform(random);
  made.weights = made.weights / made.weights.sum(1, true);
  for (std::int64_t c = 0; absent && c < contexts; ++c)
    made.present[c][static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(candidates))] = false;
  return made;
}

/// The formulas once more, a context and a candidate at a time.
std::vector<double> plain(CombineRule rule, const Draw& made, std::int64_t c) {
  const auto [contexts, candidates, objectives] =
      std::array<std::int64_t, 3>{made.rewards.size(0), made.rewards.size(1), made.rewards.size(2)};
  std::vector<std::int64_t> here;
  for (std::int64_t j = 0; j < candidates; ++j) {
    if (made.present[c][j].item<bool>())
      here.push_back(j);
  }
  const auto n = static_cast<double>(here.size());
  const auto reward = [&](std::int64_t j, std::int64_t k) { return made.rewards[c][j][k].item<double>(); };
  const auto weight = [&](std::int64_t k) { return made.weights[c][k].item<double>(); };
  std::vector<double> mean(static_cast<std::size_t>(objectives)), deviation(static_cast<std::size_t>(objectives));
  for (std::int64_t k = 0; k < objectives; ++k) {
    const auto at_k = static_cast<std::size_t>(k);
    for (const std::int64_t j : here)
      mean[at_k] += reward(j, k) / n;
    for (const std::int64_t j : here)
      deviation[at_k] += std::pow(reward(j, k) - mean[at_k], 2) / n;
    deviation[at_k] = std::sqrt(deviation[at_k]);
  }
  std::vector<double> result(static_cast<std::size_t>(candidates), 0);
  double spread = 0;
  double sum_mean = 0;
  double sum_square = 0;
  for (std::int64_t k = 0; k < objectives; ++k)
    spread += weight(k) * deviation[static_cast<std::size_t>(k)];
  for (const std::int64_t j : here) {
    double sum = 0;
    for (std::int64_t k = 0; k < objectives; ++k)
      sum += weight(k) * reward(j, k);
    sum_mean += sum / n;
  }
  for (const std::int64_t j : here) {
    double sum = -sum_mean;
    for (std::int64_t k = 0; k < objectives; ++k)
      sum += weight(k) * reward(j, k);
    sum_square += sum * sum / n;
  }
  for (const std::int64_t j : here) {
    double& a = result[static_cast<std::size_t>(j)];
    for (std::int64_t k = 0; k < objectives; ++k) {
      const auto at_k = static_cast<std::size_t>(k);
      const double centred = reward(j, k) - mean[at_k];
      if (rule == CombineRule::reward_combination)
        a += weight(k) * centred / std::sqrt(sum_square);
      else if (rule == CombineRule::dvao)
        a += weight(k) * centred / spread;
      else
        a += weight(k) * centred / deviation[at_k];
    }
  }
  return result;
}

TEST(CombineRule, IsTheSlowTwinWithAbsentCandidatesToo) {
  std::mt19937 random(20261121);
  for (const bool absent : {false, true}) {
    const Draw made = draw(random, 9, 6, 3, absent);
    for (const CombineRule rule : k_rules) {
      const at::Tensor fast = combined_advantages(rule, made.rewards, made.present, made.weights);
      std::vector<std::vector<double>> slow;
      double mean = 0;
      double square = 0;
      double count = 0;
      for (std::int64_t c = 0; c < 9; ++c) {
        slow.push_back(plain(rule, made, c));
        for (std::int64_t j = 0; j < 6; ++j) {
          if (!made.present[c][j].item<bool>())
            continue;
          mean += slow.back()[static_cast<std::size_t>(j)];
          square += std::pow(slow.back()[static_cast<std::size_t>(j)], 2);
          count += 1;
        }
      }
      mean /= count;
      const double deviation = std::sqrt(square / count - mean * mean) + k_gdpo_epsilon;
      for (std::int64_t c = 0; c < 9; ++c) {
        for (std::int64_t j = 0; j < 6; ++j) {
          const bool here = made.present[c][j].item<bool>();
          double expected = slow[static_cast<std::size_t>(c)][static_cast<std::size_t>(j)];
          if (rule == CombineRule::gdpo)
            expected = here ? (expected - mean) / deviation : 0;
          EXPECT_NEAR(fast[c][j].item<double>(), expected, 1e-10) << static_cast<int>(rule) << " " << c << " " << j;
        }
      }
    }
  }
}

TEST(CombineRule, PropositionOneTheMeanSquareOfBothCombinations) {
  std::mt19937 random(1);
  const Draw made = draw(random, 40, 7, 2, false);
  const at::Tensor sum = combined_advantages(CombineRule::reward_combination, made.rewards, made.present, made.weights);
  const at::Tensor ac =
      combined_advantages(CombineRule::advantage_combination, made.rewards, made.present, made.weights);
  const at::Tensor centred = made.rewards - made.rewards.mean(1, true);
  const at::Tensor deviation = centred.square().mean(1).sqrt();
  const at::Tensor correlation =
      (centred.select(2, 0) * centred.select(2, 1)).mean(1) / (deviation.select(1, 0) * deviation.select(1, 1));
  const at::Tensor expected = 1 - 2 * made.weights.select(1, 0) * made.weights.select(1, 1) * (1 - correlation);
  EXPECT_TRUE(at::allclose(sum.square().mean(1), at::ones({40}, at::kDouble), 1e-10, 1e-10));
  EXPECT_TRUE(at::allclose(ac.square().mean(1), expected, 1e-10, 1e-10));
}

TEST(CombineRule, PropositionTwoDvaoIsRewardCombinationShrunk) {
  std::mt19937 random(2);
  for (const std::int64_t candidates : {2, 3, 16}) {
    const Draw made = draw(random, 60, candidates, 3, candidates > 2);
    const at::Tensor sum =
        combined_advantages(CombineRule::reward_combination, made.rewards, made.present, made.weights);
    const at::Tensor dvao = combined_advantages(CombineRule::dvao, made.rewards, made.present, made.weights);
    const at::Tensor count = made.present.sum(1).to(at::kDouble);
    const at::Tensor shrink = (dvao.square().sum(1) / count).sqrt();
    EXPECT_TRUE(at::allclose(dvao, sum * shrink.unsqueeze(1), 1e-9, 1e-9)) << "A_DVAO = c A_sum";
    EXPECT_TRUE(shrink.le(1 + 1e-12).all().item<bool>());
    EXPECT_TRUE(dvao.abs().le(sum.abs() + 1e-12).all().item<bool>());
    EXPECT_TRUE(dvao.abs().le((count - 1).sqrt().unsqueeze(1) + 1e-12).all().item<bool>()) << "sqrt(G - 1)";
    EXPECT_TRUE(dvao.square().sum(1).le(count + 1e-9).all().item<bool>());
    EXPECT_TRUE((dvao.amax(1) - dvao.amin(1)).le((2 * count).sqrt() + 1e-12).all().item<bool>()) << "sqrt(2 G)";
  }
}

TEST(CombineRule, TheBoundIsReached) {
  Rows rows(16, {0.0});
  rows.back() = {1.0};
  EXPECT_NEAR(advantages(CombineRule::dvao, rows, {1}).back(), std::sqrt(15.0), 1e-12);
}

TEST(CombineRule, PropositionThreeTheSensitivities) {
  std::mt19937 random(3);
  constexpr double k_step = 1e-6;
  constexpr std::int64_t k_candidates = 16;
  const Draw made = draw(random, 1, k_candidates, 3, false);
  const at::Tensor centred = made.rewards - made.rewards.mean(1, true);
  const at::Tensor deviation = centred.square().mean(1).sqrt();             // [1, O]
  const at::Tensor single = (centred / deviation.unsqueeze(1)).squeeze(0);  // [G, O]
  const at::Tensor share = dvao_weights(made.rewards, made.present, made.weights);
  const at::Tensor sum_deviation = ((centred * made.weights.unsqueeze(1)).sum(-1)).square().mean().sqrt();
  for (const CombineRule rule :
       {CombineRule::reward_combination, CombineRule::advantage_combination, CombineRule::dvao}) {
    const at::Tensor a = combined_advantages(rule, made.rewards, made.present, made.weights).squeeze(0);
    for (std::int64_t j = 0; j < k_candidates; ++j) {
      for (std::int64_t k = 0; k < 3; ++k) {
        at::Tensor up = made.rewards.clone();
        at::Tensor down = made.rewards.clone();
        up[0][j][k] += k_step;
        down[0][j][k] -= k_step;
        const double slope = (combined_advantages(rule, up, made.present, made.weights)[0][j].item<double>() -
                              combined_advantages(rule, down, made.present, made.weights)[0][j].item<double>()) /
                             (2 * k_step);
        const double own = a[j].item<double>();
        const double a_k = single[j][k].item<double>();
        const double sigma = deviation[0][k].item<double>();
        const double w = made.weights[0][k].item<double>();
        const double g = k_candidates;
        double expected = 0;
        if (rule == CombineRule::reward_combination)
          expected = w / sum_deviation.item<double>() * (1 - 1 / g - own * own / g);
        else if (rule == CombineRule::advantage_combination)
          expected = w / sigma * (1 - 1 / g - a_k * a_k / g);
        else
          expected = share[0][k].item<double>() / sigma * (1 - 1 / g - own * a_k / g);
        EXPECT_NEAR(slope, expected, 1e-7) << static_cast<int>(rule) << " " << j << " " << k;
      }
    }
  }
}

TEST(CombineRule, InvarianceAndWhereThereIsNone) {
  std::mt19937 random(4);
  const Draw made = draw(random, 12, 5, 2, true);
  const at::Tensor factor = at::tensor({3.0, 1.0}, at::kDouble);
  for (const CombineRule rule : k_rules) {
    const auto same = [&](const at::Tensor& rewards, double tolerance) {
      return at::allclose(combined_advantages(rule, made.rewards, made.present, made.weights),
                          combined_advantages(rule, rewards, made.present, made.weights), 0, tolerance);
    };
    EXPECT_TRUE(same(made.rewards + 0.7, 1e-9)) << "a shift";
    EXPECT_TRUE(same(made.rewards * 2.5, 1e-9)) << "one factor for all rewards";
    const bool to_one = rule == CombineRule::advantage_combination || rule == CombineRule::gdpo;
    EXPECT_EQ(same(made.rewards * factor, 1e-6), to_one) << "a factor for one reward, " << static_cast<int>(rule);
    const at::Tensor order = at::tensor({4, 2, 0, 3, 1}, at::kLong);
    EXPECT_TRUE(at::allclose(combined_advantages(rule, made.rewards, made.present, made.weights).index_select(1, order),
                             combined_advantages(rule, made.rewards.index_select(1, order),
                                                 made.present.index_select(1, order), made.weights),
                             1e-12, 1e-12));
  }
  const at::Tensor weights = dvao_weights(made.rewards, made.present, made.weights);
  EXPECT_TRUE(at::allclose(weights.sum(1), at::ones({12}, at::kDouble), 1e-12, 1e-12));
}

TEST(CombineRule, NothingIsSaidWhereNothingDiffers) {
  for (const CombineRule rule : k_rules) {
    expect_near(advantages(rule, {{.3, .6}, {.3, .6}, {.3, .6}}, {.5, .5}), {0, 0, 0}, 0);
    expect_near(advantages(rule, {{.3, .6}}, {.5, .5}), {0}, 0);
  }
  const at::Tensor rewards = one_context({{.3, .6}, {.3, .6}});
  EXPECT_EQ(dvao_weights(rewards, everybody(rewards), row({.5, .5})).abs().sum().item<double>(), 0);
}

TEST(CombineRule, AbsentCandidatesMayHoldAnything) {
  at::Tensor rewards = one_context({{.1, .9}, {NAN, INFINITY}, {.7, .2}});
  at::Tensor present = everybody(rewards);
  present[0][1] = false;
  for (const CombineRule rule : k_rules) {
    const at::Tensor result = combined_advantages(rule, rewards, present, row({.4, .6}));
    EXPECT_EQ(result[0][1].item<double>(), 0);
    EXPECT_TRUE(result.isfinite().all().item<bool>());
  }
}

TEST(CombineRule, WeightsThatAreNoSharesAreABug) {
  const at::Tensor rewards = one_context({{.1, .9}, {.7, .2}});
  for (const std::vector<double>& weights : {std::vector<double>{.5, .6}, std::vector<double>{1.5, -.5}}) {
    EXPECT_THROW((void)combined_advantages(CombineRule::dvao, rewards, everybody(rewards), row(weights)),
                 InternalError);
  }
}

TEST(CombineRule, HasTheNamesOfTheSweep) {
  EXPECT_EQ(combine_rule_named("dvao"), CombineRule::dvao);
  EXPECT_EQ(combine_rule_named("gdpo"), CombineRule::gdpo);
  EXPECT_EQ(combine_rule_named("reward_combination"), CombineRule::reward_combination);
  EXPECT_EQ(combine_rule_named("advantage_combination"), CombineRule::advantage_combination);
  try {
    (void)combine_rule_named("mean");
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "there is no combination rule \"mean\"; there are dvao, reward_combination, advantage_combination, "
                 "gdpo");
  }
}

}  // namespace
}  // namespace fairsweep
