#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/generators/generate_personal_llm.hpp"

namespace fairsweep {
namespace {

using testing_support::refusal;

const PersonalLlmSample& standard_sample() {
  static const PersonalLlmSample sample = generate_personal_llm({});
  return sample;
}

TEST(PersonalLlm, IsPinned) {
  // The same recipe gives the same data on every machine; a new digest means that published recipes are lost.
  EXPECT_EQ(digest_of(standard_sample().data), "56c0bfedf0a4ca7ba75ed4a7f7e4d099d329bdfee8305b52af78b7f01f8aca8e");
  PersonalLlmRecipe small;
  small.users = 12;
  small.contexts = 3;
  small.candidates = 4;
  small.comparisons_per_user = 18;  // every pair there is
  small.seed = 99;
  EXPECT_EQ(digest_of(generate_personal_llm(small).data),
            "e4c13047dcae6619d9110980e8f83b246a354642a38ac6458968bf65a08493ba");
}

TEST(PersonalLlm, FollowsItsRecipe) {
  const PreferenceData& data = standard_sample().data;
  EXPECT_THAT(problems_of(data), testing::IsEmpty());
  EXPECT_EQ(data.user_count(), 300);
  EXPECT_EQ(data.context_count(), 400);
  EXPECT_EQ(data.candidate_count, 3200);
  EXPECT_EQ(data.feature_count, 16);
  EXPECT_EQ(data.comparison_count(), 18'000);
  EXPECT_EQ(data.user_feature_count, 10);
  const auto& taste = data.user_attributes.at("taste");
  EXPECT_THAT(taste.labels, testing::ElementsAre("majority", "minority"));
  EXPECT_EQ(std::count(taste.codes.begin(), taste.codes.end(), 1), 75);
  EXPECT_EQ(std::count(taste.codes.begin(), taste.codes.end(), 0), 225);
  EXPECT_EQ(data.about.at("recipe"),
            "fairsweep generate personal-llm --users 300 --contexts 400 --candidates 8 --dimensions 10 --features 16 "
            "--comparisons-per-user 60 --minority-share 0.25 --concentration 20 --focus 0.8 --conflict 0.5 "
            "--temperature 0.35 --user-noise 0.1 --seed 1");
  for (std::int32_t user = 0; user < 300; ++user) {
    std::set<std::pair<std::int64_t, std::int64_t>> pairs;
    const std::size_t first = 60U * static_cast<std::size_t>(user);
    for (std::size_t row = first; row < first + 60U; ++row) {
      ASSERT_EQ(data.comparison_user[row], user);
      pairs.insert(std::minmax(data.comparison_candidate[2 * row], data.comparison_candidate[2 * row + 1]));
    }
    EXPECT_EQ(pairs.size(), 60U) << "user " << user << " judges a pair twice";
  }
}

TEST(PersonalLlm, WeightsHaveTheMomentsOfTheirDirichlet) {
  PersonalLlmRecipe recipe;
  recipe.users = 4000;
  recipe.contexts = 2;
  recipe.comparisons_per_user = 1;
  recipe.minority_share = 0.5;
  const PersonalLlmSample sample = generate_personal_llm(recipe);
  const auto& codes = sample.data.user_attributes.at("taste").codes;
  // The minority is one component: mean 0.8 / 2 + 0.2 / 10 on both rare dimensions, 0.2 / 10 elsewhere.
  for (std::size_t dimension = 0; dimension < 10; ++dimension) {
    const double mean = dimension >= 8 ? 0.42 : 0.02;
    const double variance = mean * (1 - mean) / (20 + 1);
    double sum = 0;
    double square = 0;
    for (std::size_t user = 0; user < codes.size(); ++user) {
      const double weight = sample.truth.weights[user * 10 + dimension];
      sum += codes[user] == 1 ? weight : 0;
      square += codes[user] == 1 ? (weight - mean) * (weight - mean) : 0;
    }
    EXPECT_NEAR(sum / 2000, mean, 5 * std::sqrt(variance / 2000)) << dimension;
    EXPECT_NEAR(square / 2000, variance, 0.25 * variance) << dimension;
  }
  // Majority: a quarter of the components leaves out each common dimension, and a quarter none.
  for (std::size_t dimension = 0; dimension < 3; ++dimension) {
    double sum = 0;
    for (std::size_t user = 0; user < codes.size(); ++user) {
      sum += codes[user] == 0 ? sample.truth.weights[user * 10 + dimension] : 0;
    }
    EXPECT_NEAR(sum / 2000, 0.02 + 0.8 / 3, 0.02) << dimension;
  }
  for (std::size_t user = 0; user < codes.size(); ++user) {
    const auto weights = std::span(sample.truth.weights).subspan(user * 10, 10);
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1.0, 1e-12);
  }
}

TEST(PersonalLlm, TrueUtilitiesReachTheCeilingAndNothingIsAbove) {
  const auto& [data, truth] = standard_sample();
  const auto& codes = data.user_attributes.at("taste").codes;
  ASSERT_EQ(data.ceilings.size(), 1U);
  for (std::int32_t group = 0; group < 2; ++group) {
    double right = 0;
    double variance = 0;
    double expected = 0;
    double count = 0;
    for (std::size_t row = 0; row < truth.probability.size(); ++row) {
      if (codes[static_cast<std::size_t>(data.comparison_user[row])] == group) {
        const double p = truth.probability[row];
        right += p > 0.5 ? 1 : 0;
        expected += std::max(p, 1 - p);
        variance += p * (1 - p);
        count += 1;
      }
    }
    const double ceiling = data.ceilings[0].accuracy[static_cast<std::size_t>(group)];
    EXPECT_NEAR(expected / count, ceiling, 1e-12);
    EXPECT_NEAR(right / count, ceiling, 4 * std::sqrt(variance) / count) << "group " << group;
    EXPECT_GT(ceiling, 0.7);
    EXPECT_LT(ceiling, 0.95);
  }
}

TEST(PersonalLlm, ProbabilitiesAreThoseOfBradleyAndTerry) {
  const auto& [data, truth] = standard_sample();
  for (std::size_t row = 0; row < 200; ++row) {
    const auto user = static_cast<std::size_t>(data.comparison_user[row]);
    double lead = 0;
    for (std::size_t dimension = 0; dimension < 10; ++dimension) {
      const auto first = static_cast<std::size_t>(data.comparison_candidate[2 * row]);
      const auto second = static_cast<std::size_t>(data.comparison_candidate[2 * row + 1]);
      lead += truth.weights[user * 10 + dimension] *
              (truth.rewards[first * 10 + dimension] - truth.rewards[second * 10 + dimension]);
    }
    EXPECT_NEAR(truth.probability[row], 1 / (1 + std::exp(-lead / 0.35)), 1e-12);
  }
}

TEST(PersonalLlm, UserFeaturesAreTheWeightsPlusNoise) {
  PersonalLlmRecipe recipe;
  recipe.user_noise = 0;
  const PersonalLlmSample exact = generate_personal_llm(recipe);
  for (std::size_t at = 0; at < exact.truth.weights.size(); ++at) {
    EXPECT_EQ(exact.data.user_features[at], static_cast<float>(exact.truth.weights[at]));
  }
  const PersonalLlmSample& noisy = standard_sample();
  double square = 0;
  for (std::size_t at = 0; at < noisy.truth.weights.size(); ++at) {
    square += std::pow(static_cast<double>(noisy.data.user_features[at]) - noisy.truth.weights[at], 2);
  }
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(noisy.truth.weights.size())), 0.1, 0.01);
}

TEST(PersonalLlm, RefusesSettingsOutOfRange) {
  const auto message = [](auto change) {
    PersonalLlmRecipe recipe;
    change(recipe);
    return refusal(ExitCode::configuration, [&] { (void)generate_personal_llm(recipe); });
  };
  EXPECT_EQ(message([](auto& r) { r.users = 3; }), "--users is 3; it must be from 4 to 1000000");
  EXPECT_EQ(message([](auto& r) { r.contexts = 0; }), "--contexts is 0; it must be from 1 to 1000000");
  EXPECT_EQ(message([](auto& r) { r.candidates = 1; }), "--candidates is 1; it must be from 2 to 1000");
  EXPECT_EQ(message([](auto& r) { r.dimensions = 4; }), "--dimensions is 4; it must be from 5 to 1000");
  EXPECT_EQ(message([](auto& r) { r.features = 0; }), "--features is 0; it must be from 1 to 100000");
  EXPECT_EQ(message([](auto& r) { r.comparisons_per_user = 11'201; }),
            "--comparisons-per-user is 11201; it must be from 1 to 11200, the pairs there are");
  EXPECT_EQ(message([](auto& r) { r.minority_share = 0; }),
            "--minority-share is 0; it must be above 0 and at most 0.5");
  EXPECT_EQ(message([](auto& r) { r.minority_share = std::nan(""); }),
            "--minority-share is nan; it must be above 0 and at most 0.5");
  EXPECT_EQ(message([](auto& r) { r.concentration = 0; }), "--concentration is 0; it must be from 0.1 to 1000000");
  EXPECT_EQ(message([](auto& r) { r.focus = 1; }), "--focus is 1; it must be above 0 and below 1");
  EXPECT_EQ(message([](auto& r) { r.conflict = 1; }), "--conflict is 1; it must be at least 0 and below 1");
  EXPECT_EQ(message([](auto& r) { r.temperature = 0; }), "--temperature is 0; it must be from 0.001 to 1000");
  EXPECT_EQ(message([](auto& r) { r.user_noise = -1; }), "--user-noise is -1; it must be from 0 to 1000");
  EXPECT_EQ(message([](auto& r) {
              r.contexts = 1'000'000;
              r.candidates = 1000;
            }),
            "--features is 16; it must be smaller: contexts * candidates * features may be 2147483648 at most");
}

}  // namespace
}  // namespace fairsweep
