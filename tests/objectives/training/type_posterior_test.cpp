#include "objectives/training/type_posterior.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace fairsweep {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

/// Shares and per-comparison losses of a random population.
struct Population {
  std::int64_t types = 3, people = 7, comparisons = 40;
  std::vector<double> share, loss, weight;
  std::vector<std::int64_t> user;
  std::vector<bool> heard;

  explicit Population(std::uint32_t seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0.05, 2);
    for (std::int64_t k = 0; k < types; ++k)
      share.push_back(uniform(random));
    double sum = 0;
    for (const double one : share)
      sum += one;
    for (double& one : share)
      one /= sum;
    for (std::int64_t i = 0; i < types * comparisons; ++i)
      loss.push_back(uniform(random));
    heard.assign(static_cast<std::size_t>(people), false);
    for (std::int64_t i = 0; i < comparisons; ++i) {
      weight.push_back(uniform(random));
      user.push_back(static_cast<std::int64_t>(random() % 6));  // the last person answers nothing
      heard[static_cast<std::size_t>(user.back())] = true;
    }
  }

  [[nodiscard]] TypeTable evidence() const {
    TypeTable table(types, people);
    add_evidence(table, loss, user, weight);
    return table;
  }
};

TEST(TypePosterior, IsBayesRuleByHand) {
  // Two types of shares .6 and .4; two answers with probabilities .8 and .5 under the first, .3 and .9 under the
  // second: .6 * .8 * .5 = .24 and .4 * .3 * .9 = .108.
  TypeTable evidence(2, 1);
  const std::vector<double> loss = {-std::log(0.8), -std::log(0.5), -std::log(0.3), -std::log(0.9)};
  const std::vector<std::int64_t> user = {0, 0};
  add_evidence(evidence, loss, user, std::vector<double>{1, 1});
  const std::vector<double> share = {0.6, 0.4};
  const std::vector<double> posterior = posterior_of(evidence.of_person(0), share, TypeAssignment::soft);
  EXPECT_NEAR(posterior[0], 0.24 / 0.348, 1e-15);
  EXPECT_NEAR(posterior[1], 0.108 / 0.348, 1e-15);
  EXPECT_NEAR(log_likelihood_of(evidence, share, {true}), std::log(0.348), 1e-15);
  EXPECT_EQ(posterior_of(evidence.of_person(0), share, TypeAssignment::hard), (std::vector<double>{1, 0}));
  // The evidence alone is .4 against .27: hard assignment does not ask for the shares.
  EXPECT_EQ(posterior_of(evidence.of_person(0), std::vector<double>{0.1, 0.9}, TypeAssignment::hard),
            (std::vector<double>{1, 0}));
}

TEST(TypePosterior, AgreesWithTheProductOfProbabilities) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const Population made(seed);
    const TypeTable posterior = posteriors_of(made.evidence(), made.share, made.heard, TypeAssignment::soft);
    double log_likelihood = 0;
    std::vector<double> mean(3, 0.0);
    double people = 0;
    for (std::int64_t u = 0; u < made.people; ++u) {
      std::vector<double> product = made.share;
      for (std::int64_t k = 0; k < made.types; ++k) {
        for (std::int64_t i = 0; i < made.comparisons; ++i) {
          const auto place = static_cast<std::size_t>(i);
          if (made.user[place] == u)
            product[static_cast<std::size_t>(k)] *=
                std::pow(std::exp(-made.loss[static_cast<std::size_t>(k * made.comparisons + i)]), made.weight[place]);
        }
      }
      const double sum = product[0] + product[1] + product[2];
      for (std::int64_t k = 0; k < made.types; ++k)
        EXPECT_NEAR(posterior.at(k, u), product[static_cast<std::size_t>(k)] / sum, 1e-12) << "seed " << seed;
      if (!made.heard[static_cast<std::size_t>(u)])
        continue;
      log_likelihood += std::log(sum);
      people += 1;
      for (std::size_t k = 0; k < 3; ++k)
        mean[k] += product[k] / sum;
    }
    EXPECT_NEAR(log_likelihood_of(made.evidence(), made.share, made.heard), log_likelihood, 1e-11) << "seed " << seed;
    const std::vector<double> share = shares_of(posterior, made.heard);
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(share[k], mean[k] / people, 1e-13) << "seed " << seed;
  }
}

TEST(TypePosterior, AStepOfTheSharesNeverLowersTheLikelihood) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const Population made(seed);
    const TypeTable evidence = made.evidence();
    std::vector<double> share = made.share;
    double before = log_likelihood_of(evidence, share, made.heard);
    for (int step = 0; step < 30; ++step) {
      share = shares_of(posteriors_of(evidence, share, made.heard, TypeAssignment::soft), made.heard);
      const double now = log_likelihood_of(evidence, share, made.heard);
      EXPECT_GE(now, before - 1e-12) << "seed " << seed << ", step " << step;
      before = now;
    }
  }
}

TEST(TypePosterior, KeepsOfALongHistoryWhatMatters) {
  // Probabilities of e^-5000: no product of them is a number.
  TypeTable evidence(2, 1);
  evidence.at(0, 0) = -5000;
  evidence.at(1, 0) = -5001;
  const std::vector<double> share = {0.5, 0.5};
  const std::vector<double> posterior = posterior_of(evidence.of_person(0), share, TypeAssignment::soft);
  EXPECT_NEAR(posterior[0], 1 / (1 + std::exp(-1.0)), 1e-15);
  EXPECT_NEAR(log_likelihood_of(evidence, share, {true}), -5000 + std::log((1 + std::exp(-1.0)) / 2), 1e-9);
}

TEST(TypePosterior, ATypeWithoutAShareIsNobodys) {
  const std::vector<double> evidence = {-3, k_nan};
  EXPECT_EQ(posterior_of(evidence, std::vector<double>{1, 0}, TypeAssignment::soft), (std::vector<double>{1, 0}));
  EXPECT_TRUE(std::isnan(posterior_of(evidence, std::vector<double>{0.5, 0.5}, TypeAssignment::soft)[0]));
  EXPECT_TRUE(std::isnan(posterior_of(evidence, std::vector<double>{0.5, 0.5}, TypeAssignment::hard)[0]));
}

TEST(TypePosterior, AWeightOfZeroLeavesAComparisonOut) {
  TypeTable all(2, 2), one(2, 2);
  const std::vector<double> loss = {1, 2, 3, 4};
  add_evidence(all, loss, std::vector<std::int64_t>{0, 1}, std::vector<double>{1, 0});
  EXPECT_EQ(all.value, (std::vector<double>{-1, 0, -3, 0}));
  add_evidence(one, std::vector<double>{k_nan, 2, k_nan, 4}, std::vector<std::int64_t>{0, 1},
               std::vector<double>{0, 2});
  EXPECT_EQ(one.value, (std::vector<double>{0, -4, 0, -8}));
}

TEST(TypePosterior, OfANewPersonGrowsWithTheirComparisons) {
  // A person of the first type of two: every answer has probability .8 under it and .4 under the other, so after m
  // answers the odds are 2^m.
  constexpr std::size_t k_answers = 8;
  std::vector<double> loss(2 * k_answers, -std::log(0.8));
  std::fill(loss.begin() + k_answers, loss.end(), -std::log(0.4));
  const std::vector<double> weight(k_answers, 1.0);
  const std::vector<double> share = {0.5, 0.5};
  const auto soft = posteriors_by_comparisons(loss, weight, share, TypeAssignment::soft);
  ASSERT_EQ(soft.size(), k_answers + 1);
  EXPECT_EQ(soft[0], share);
  for (const std::size_t m : {std::size_t{1}, std::size_t{2}, std::size_t{4}, std::size_t{8}}) {
    const double odds = std::pow(2.0, static_cast<double>(m));
    EXPECT_NEAR(soft[m][0], odds / (1 + odds), 1e-14) << m;
  }
  const auto hard = posteriors_by_comparisons(loss, weight, share, TypeAssignment::hard);
  EXPECT_EQ(hard[0], share);
  EXPECT_EQ(hard[1], (std::vector<double>{1, 0}));
}

TEST(TypePosterior, StepByStepEndsWhereAllAtOnceDoes) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    Population made(seed);
    std::fill(made.user.begin(), made.user.end(), 0);
    const auto steps = posteriors_by_comparisons(made.loss, made.weight, made.share, TypeAssignment::soft);
    const auto whole = posterior_of(made.evidence().of_person(0), made.share, TypeAssignment::soft);
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(steps.back()[k], whole[k], 1e-12) << "seed " << seed;
  }
}

TEST(TypePosterior, TheErrorOfASumIsThatOfASample) {
  // Deviation of 1, 2, 4, 5 is sqrt(10 / 3); of their sum, twice as large.
  EXPECT_NEAR(error_of_sum(std::vector<double>{1, 2, 4, 5}), 2 * std::sqrt(10.0 / 3), 1e-15);
  EXPECT_EQ(error_of_sum(std::vector<double>{7}), 0);
}

TEST(TypePosterior, CountsWhoMoved) {
  TypeTable before(2, 4), after(2, 4);
  before.value = {1, 0, 0.5, 0, 0, 1, 0.5, 1};  // people of types 0, 1, 0 (a tie), 1
  after.value = {0, 0, 0.4, 1, 1, 1, 0.6, 0};   // 1, 1, 1, 0
  EXPECT_EQ(likeliest_types(before), (std::vector<std::int64_t>{0, 1, 0, 1}));
  EXPECT_DOUBLE_EQ(moved_share(before, after, {true, true, true, false}), 2.0 / 3);
  EXPECT_EQ(moved_share(before, after, {false, false, false, false}), 0);
}

}  // namespace
}  // namespace fairsweep
