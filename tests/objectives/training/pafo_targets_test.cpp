#include "objectives/training/pafo_targets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/margin_supervision.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_comparisons = 60;
constexpr std::int64_t k_candidates = 3;
constexpr std::int64_t k_users = 10;

/// Users by turns; users 0, 3, 6 and 9 are the smaller group 1; every other comparison has two candidates.
TrainingFacts people() {
  TrainingFacts facts;
  facts.comparisons = k_comparisons;
  facts.users = k_users;
  facts.groups = {"large", "small"};
  facts.group_users = {6, 4};
  ComparisonFacts& training = facts.training;
  training.user = at::arange(k_comparisons, at::kLong).remainder(k_users);
  training.group = training.user.remainder(3).eq(0).to(at::kLong);
  training.weight = at::ones({k_comparisons}, at::kDouble);
  training.present = at::ones({k_comparisons, k_candidates}, at::kBool);
  training.present.select(1, 2).copy_(at::arange(k_comparisons, at::kLong).remainder(2).eq(0));
  facts.validation = training;
  return facts;
}

std::vector<at::Tensor> random_scores(std::uint32_t seed, std::size_t teachers, double size = 2) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, size);
  std::vector<at::Tensor> scores;
  for (std::size_t g = 0; g < teachers; ++g) {
    scores.push_back(at::empty({k_comparisons, k_candidates}, at::kDouble));
    for (std::int64_t i = 0; i < scores.back().numel(); ++i)
      scores.back().data_ptr<double>()[i] = normal(random);
  }
  return scores;
}

/// Comparisons of two candidates, one of a user of each group, whose teachers see the second candidate at these margins
/// from the first.
struct Pairs {
  ComparisonFacts facts;
  std::vector<at::Tensor> scores;
  Pairs(const std::vector<double>& first, const std::vector<double>& second) {
    const auto count = static_cast<std::int64_t>(first.size());
    facts.group = at::arange(count, at::kLong).remainder(2);
    facts.present = at::ones({count, 2}, at::kBool);
    for (const std::vector<double>* margin : {&first, &second}) {
      scores.push_back(at::full({count, 2}, 7.0, at::kDouble));  // a score by itself means nothing
      for (std::int64_t i = 0; i < count; ++i)
        scores.back()[i][1] += (*margin)[static_cast<std::size_t>(i)];
    }
  }
};

std::vector<double> second_column(const at::Tensor& target) {
  const at::Tensor column = target.select(1, 1).contiguous();
  return {column.data_ptr<double>(), column.data_ptr<double>() + column.numel()};
}

TEST(PafoTargets, AgreementByHand) {
  // Comparison 0 is of group 0, 1 of group 1, and so on. Teacher 1 is on a scale of 2.
  const Pairs pairs({-1, 2, 1, -3, 0, 4}, {-2, 1, -0.5, 1, 1, 5});
  EXPECT_EQ(second_column(agreement_target_margins(pairs.facts, pairs.scores, {1, 2})),
            (std::vector<double>{-2.5, 2, 1, 2, 0, 5}))
      << "mean of -1 and -4; mean of 2 and 2; own of group 0; own of group 1 scaled; a zero is on no side; mean of 4 "
         "and "
         "10, cut";
}

TEST(PafoTargets, AgreementIsTheOwnTeacherWhereTheyDisagreeAndTheMeanElsewhere) {
  const TrainingFacts facts = people();
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const std::vector<at::Tensor> scores = random_scores(seed, 2, 1);
    const std::vector<double> scale = {0.7, 1.3};
    const at::Tensor own = group_target_margins(facts.training, scores, scale);
    const at::Tensor agreement = agreement_target_margins(facts.training, scores, scale);
    std::int64_t agreed = 0;
    for (std::int64_t i = 0; i < k_comparisons; ++i) {
      for (std::int64_t j = 1; j < k_candidates; ++j) {
        const bool there = facts.training.present[i][j].item<bool>();
        const double left = there ? (scores[0][i][j] - scores[0][i][0]).item<double>() * scale[0] : 0;
        const double right = there ? (scores[1][i][j] - scores[1][i][0]).item<double>() * scale[1] : 0;
        const double expected = left * right > 0 ? std::clamp((left + right) / 2, -5.0, 5.0) : own[i][j].item<double>();
        agreed += left * right > 0 ? 1 : 0;
        ASSERT_NEAR(agreement[i][j].item<double>(), expected, 1e-14) << "seed " << seed;
      }
    }
    EXPECT_GT(agreed, 10) << "seed " << seed;
    EXPECT_LT(agreed, 80) << "seed " << seed;
  }
}

TEST(PafoTargets, OneTeacherAgreesWithItself) {
  TrainingFacts facts = people();
  facts.training.group.fill_(0);
  const std::vector<at::Tensor> scores = random_scores(3, 1);
  EXPECT_TRUE(agreement_target_margins(facts.training, scores, {1.5})
                  .equal(group_target_margins(facts.training, scores, {1.5})));
}

TEST(PafoTargets, TheAverageKnowsNoGroups) {
  const Settings settings = {{"method.pafo.condition", std::string("average")}};
  TrainingFacts facts = people();
  const std::vector<at::Tensor> scores = random_scores(4, 2, 1);
  const at::Tensor target = pafo_target_margins(settings, facts, facts.training, scores, {1, 2});
  const at::Tensor sum =
      margins_to_best(scores[0], facts.training.present) + 2 * margins_to_best(scores[1], facts.training.present);
  EXPECT_TRUE(at::allclose(target, (sum / 2).clamp(-5, 5), 1e-13, 1e-13));
  facts.training.group = 1 - facts.training.group;
  EXPECT_TRUE(pafo_target_margins(settings, facts, facts.training, scores, {1, 2}).equal(target));
}

TEST(PafoTargets, MarginsAreCutAfterTheyAreMixed) {
  const Pairs pairs({20, 20}, {-14, -30});
  const at::Tensor equal = at::full({2, 2}, 0.5, at::kDouble);
  EXPECT_EQ(second_column(mixed_target_margins(pairs.facts, pairs.scores, {1, 1}, equal)),
            (std::vector<double>{3, -5}));
}

/// Group 1 is exactly the users whose support rate is at most 0.4.
TrainingFacts split_by_support() {
  TrainingFacts facts = people();
  facts.user_support = {0.1, 0.9, 0.8, 0.2, 0.7, 0.95, 0.3, 0.6, 0.75, 0.4};
  return facts;
}

Settings soft(double softness) {
  return {{"method.pafo.condition", std::string("soft_membership")}, {"method.pafo.softness", softness}};
}

TEST(PafoTargets, SoftMembershipMixesByTheSigmoidOfTheSupportRate) {
  const TrainingFacts facts = split_by_support();
  const std::vector<at::Tensor> scores = random_scores(5, 2, 0.5);
  const at::Tensor target = pafo_target_margins(soft(0.2), facts, facts.training, scores, {1, 1});
  // The quantile of ten rates at 4 / 10, by linear interpolation: place 3.6 of 0 .. 9, between 0.4 and 0.6.
  const double tau = 0.4 + 0.6 * 0.2;
  for (std::int64_t i = 0; i < k_comparisons; ++i) {
    const double rate = facts.user_support[static_cast<std::size_t>(i % k_users)];
    const double small = 1 / (1 + std::exp(-(tau - rate) / 0.2));
    const double expected = small * (scores[1][i][1] - scores[1][i][0]).item<double>() +
                            (1 - small) * (scores[0][i][1] - scores[0][i][0]).item<double>();
    ASSERT_NEAR(target[i][1].item<double>(), expected, 1e-13) << i;
  }
}

TEST(PafoTargets, SoftMembershipBecomesTheGroupsAsSoftnessGoesToZero) {
  const TrainingFacts facts = split_by_support();
  const std::vector<at::Tensor> scores = random_scores(6, 2);
  const at::Tensor own = group_target_margins(facts.training, scores, {1, 2});
  double before = INFINITY;
  for (const double softness : {1.0, 0.3, 0.1, 0.03, 0.01}) {
    const double apart =
        (pafo_target_margins(soft(softness), facts, facts.training, scores, {1, 2}) - own).abs().max().item<double>();
    EXPECT_LT(apart, before) << softness;
    before = apart;
  }
  EXPECT_TRUE(pafo_target_margins(soft(1e-4), facts, facts.training, scores, {1, 2}).equal(own));
}

std::string message_of(const Settings& settings, const TrainingFacts& facts) {
  try {
    check_pafo_condition(settings, facts);
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    return error.what();
  }
  return "";
}

TEST(PafoTargets, WhatCannotBeIsRefused) {
  TrainingFacts facts = people();
  EXPECT_EQ(message_of({{"method.pafo.condition", std::string("agreement")}}, facts), "");
  EXPECT_EQ(message_of({{"method.pafo.condition", std::string("both")}}, facts),
            "setting \"method.pafo.condition\" is \"both\"; it must be group_and_correct, group, agreement, "
            "soft_membership or average");
  EXPECT_EQ(message_of(soft(0.1), facts),
            "method.pafo.condition is soft_membership, but no user's preference support rate is known: no two users "
            "compared the same two candidates; choose group or agreement");
  facts = split_by_support();
  EXPECT_EQ(message_of(soft(0.1), facts), "");
  facts.groups.emplace_back("third");
  EXPECT_EQ(message_of(soft(0.1), facts),
            "method.pafo.condition is soft_membership, which is defined for two groups; the sweep has 3: choose group "
            "or agreement");
}

}  // namespace
}  // namespace fairsweep
