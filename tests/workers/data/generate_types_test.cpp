#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/generators/generate_lengths.hpp"
#include "workers/data/generators/generate_ring.hpp"

namespace fairsweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::refusal;

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(Ring, HasTheRewardsOfThePaper) {
  EXPECT_EQ(ring_reward(0, -10), 4);
  EXPECT_EQ(ring_reward(2, 10), 4);
  EXPECT_EQ(ring_reward(1, 0), 1.5);
  EXPECT_DOUBLE_EQ(ring_reward(0, 0), 1.0);    // ten places off at 0.075 each
  EXPECT_DOUBLE_EQ(ring_reward(2, -20), 1.0);  // the other way round the ring
  EXPECT_EQ(ring_reward(1, 10), 0);
  const auto average = [](std::int64_t offset) {
    return (ring_reward(0, offset) + ring_reward(1, offset) + ring_reward(2, offset)) / 3;
  };
  EXPECT_NEAR(average(0), 1.1667, 5e-5);
  EXPECT_NEAR(average(10), 1.3333, 5e-5);
  EXPECT_NEAR(average(-10), 1.3333, 5e-5);
}

TEST(Ring, IsPinnedAndFollowsItsRecipe) {
  RingRecipe recipe;
  recipe.comparisons = 3000;
  const PreferenceData data = generate_ring(recipe);
  EXPECT_THAT(problems_of(data), IsEmpty());
  // The same recipe gives the same data on every machine; a new digest means that published recipes are lost.
  EXPECT_EQ(digest_of(data), "95c50df89e1bc74838ad635b96dfa5c4ae934f228880e6329af19f9dc0001c43");
  EXPECT_EQ(data.context_count(), 40);
  EXPECT_EQ(data.candidate_count, 1600);
  EXPECT_EQ(data.feature_count, 40);
  EXPECT_EQ(data.comparison_count(), 3000);
  EXPECT_THAT(data.user_attributes.at("type").labels, ElementsAre("shift -10", "shift 0", "shift 10"));
  std::vector<int> answers(300, 0);
  for (std::size_t row = 0; row < 3000; ++row)
    ++answers[index(data.comparison_user[row])];
  EXPECT_THAT(answers, ::testing::Each(10));
  for (std::int64_t candidate = 0; candidate < 1600; ++candidate) {
    const auto row = data.features.begin() + candidate * 40;
    EXPECT_EQ(std::count(row, row + 40, 1.0F), 1);
    EXPECT_EQ(std::count(row, row + 40, 0.0F), 39);
    const std::int64_t offset = std::find(row, row + 40, 1.0F) - row - 20;
    EXPECT_EQ(((candidate % 40 - candidate / 40) - offset) % 40, 0);
    EXPECT_EQ(data.candidate_names[index(candidate)], "offset " + std::to_string(offset));
  }
  EXPECT_EQ(data.about.at("recipe"),
            "fairsweep generate ring --comparisons 3000 --users 300 --labels one --features offset --seed 1");
  recipe.seed = 2;
  EXPECT_NE(digest_of(data), digest_of(generate_ring(recipe)));
}

/// Answers of each type to pairs of offsets, against what the type says.
TEST(Ring, TypesAnswerByTheirRewards) {
  RingRecipe recipe;
  recipe.comparisons = 60'000;
  recipe.users = 30;
  const PreferenceData data = generate_ring(recipe);
  std::array<double, 3> expected{}, found{}, variance{}, best{}, count{};
  for (std::size_t row = 0; row < 60'000; ++row) {
    const auto type = index(data.comparison_user[row] % 3);
    const auto offset = [&](std::size_t place) {
      const std::string& name = data.candidate_names[index(data.comparison_candidate[2 * row + place])];
      return std::stol(name.substr(name.find(' ')));
    };
    const double gap = ring_reward(type, offset(0)) - ring_reward(type, offset(1));
    const double p = sigmoid(std::fabs(gap));
    expected[type] += gap == 0 ? 0 : p;
    variance[type] += gap == 0 ? 0 : p * (1 - p);
    found[type] += gap > 0 ? 1 : 0;
    best[type] += p;
    count[type] += 1;
  }
  for (std::size_t type = 0; type < 3; ++type) {
    EXPECT_NEAR(found[type], expected[type], 4 * std::sqrt(variance[type])) << "seed 1, type " << type;
    EXPECT_NEAR(data.ceilings.front().accuracy[type], best[type] / count[type], 1e-12);
  }
}

TEST(Ring, OfAllTypesThreePeopleAnswerAndAboutOneInSixAgree) {
  RingRecipe recipe;
  recipe.comparisons = 40'000;
  recipe.labels = TypeLabels::all;
  const PreferenceData data = generate_ring(recipe);
  ASSERT_EQ(data.comparison_count(), 120'000);
  double unanimous = 0;
  for (std::size_t set = 0; set < 40'000; ++set) {
    bool same = true;
    std::set<std::int64_t> candidates;
    for (std::size_t type = 0; type < 3; ++type) {
      const std::size_t row = 3 * set + type;
      EXPECT_EQ(data.comparison_user[row] % 3, static_cast<std::int32_t>(type));
      same = same && data.comparison_candidate[2 * row] == data.comparison_candidate[6 * set];
      candidates.insert(data.comparison_candidate[2 * row]);
      candidates.insert(data.comparison_candidate[2 * row + 1]);
    }
    EXPECT_EQ(candidates.size(), 2U);
    unanimous += same ? 1 : 0;
  }
  EXPECT_NEAR(unanimous / 40'000, 0.1537, 4 * std::sqrt(0.1537 * 0.8463 / 40'000)) << "seed 1";
  recipe.labels = TypeLabels::agreed;
  recipe.comparisons = 300;
  const PreferenceData agreed = generate_ring(recipe);
  for (std::size_t set = 0; set < 300; ++set) {
    for (std::size_t type = 1; type < 3; ++type)
      EXPECT_EQ(agreed.comparison_candidate[6 * set + 2 * type], agreed.comparison_candidate[6 * set]);
  }
}

TEST(Ring, OfStatesAndActionsTheModelHasToFindTheOffset) {
  RingRecipe recipe;
  recipe.comparisons = 90;
  recipe.features = RingFeatures::state_action;
  const PreferenceData data = generate_ring(recipe);
  EXPECT_EQ(data.feature_count, 80);
  const auto row = data.features.begin() + (7 * 40 + 12) * 80;
  EXPECT_EQ(row[7], 1);
  EXPECT_EQ(row[40 + 12], 1);
  EXPECT_EQ(std::count(row, row + 80, 1.0F), 2);
  EXPECT_EQ(data.candidate_names[7 * 40 + 12], "offset 5");
}

TEST(TypedAnswers, WrongNumbersAreNamed) {
  RingRecipe recipe;
  recipe.users = 100;
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)generate_ring(recipe); }),
              HasSubstr("--users is 100; it must be a multiple of 3"));
  recipe.users = 300;
  recipe.comparisons = 0;
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)generate_ring(recipe); }), HasSubstr("--comparisons is 0"));
  EXPECT_THAT(refusal(ExitCode::configuration, [] { (void)type_labels_named("both"); }),
              HasSubstr("one, all or agreed"));
  EXPECT_THAT(refusal(ExitCode::configuration, [] { (void)ring_features_named("state"); }),
              HasSubstr("offset or state_action"));
}

TEST(Lengths, HaveTheRewardsOfThePaper) {
  EXPECT_NEAR(length_reward(0, 512), 4, 1e-12);  // exp(6.4) / 100 is cut
  EXPECT_NEAR(length_reward(0, 80), std::exp(1) / 100, 1e-15);
  EXPECT_NEAR(length_reward(1, 432), std::exp(1) / 100, 1e-15);
  EXPECT_NEAR(length_reward(2, 256), std::exp(1) - 1, 1e-14);
  EXPECT_NEAR(length_reward(2, 320), std::exp(0.5) - 1, 1e-14);
}

/// The handbook's caution: with lengths spread evenly few answers are unanimous, and most votes are already right.
TEST(Lengths, LeaveTheMethodsLittleRoom) {
  double unanimous = 0, voted_right = 0, ordered_right = 0, pairs = 0;
  std::vector<double> votes(512, 0.0), average(512, 0.0);
  for (std::int64_t a = 1; a <= 512; ++a) {
    for (std::size_t type = 0; type < 3; ++type)
      average[index(a - 1)] += length_reward(type, a) / 3;
    for (std::int64_t b = 1; b <= 512; ++b) {
      if (a == b)
        continue;
      double all = 1, none = 1, mean = 0, gap = 0;
      for (std::size_t type = 0; type < 3; ++type) {
        const double d = length_reward(type, a) - length_reward(type, b);
        all *= sigmoid(d);
        none *= sigmoid(-d);
        mean += sigmoid(d) / 3;
        gap += d / 3;
      }
      unanimous += all + none;
      votes[index(a - 1)] += mean;
      voted_right += (mean > 0.5) == (gap > 0) ? 1 : 0;
      pairs += 1;
    }
  }
  double ordered = 0;
  for (std::size_t a = 0; a < 512; ++a) {
    for (std::size_t b = 0; b < 512; ++b) {
      if (std::fabs(average[a] - average[b]) < 1e-9)
        continue;  // x and 512 - x are alike
      ordered += 1;
      ordered_right += (votes[a] > votes[b]) == (average[a] > average[b]) ? 1 : 0;
    }
  }
  EXPECT_GT(unanimous / pairs, 0.18);
  EXPECT_LT(unanimous / pairs, 0.22);
  EXPECT_NEAR(voted_right / pairs, 0.98, 0.005);
  EXPECT_NEAR(ordered_right / ordered, 0.967, 0.001);
}

TEST(Lengths, AreHatsThatSumToOne) {
  LengthsRecipe recipe;
  recipe.comparisons = 600;
  const PreferenceData data = generate_lengths(recipe);
  EXPECT_THAT(problems_of(data), IsEmpty());
  EXPECT_EQ(data.feature_count, 33);
  for (std::int64_t candidate = 0; candidate < 512; ++candidate) {
    const auto row = data.features.begin() + candidate * 33;
    double sum = 0, length = 0;
    for (std::int64_t hat = 0; hat < 33; ++hat) {
      sum += static_cast<double>(row[hat]);
      length += static_cast<double>(row[hat]) * static_cast<double>(16 * hat);
    }
    EXPECT_EQ(sum, 1.0);
    EXPECT_EQ(length, static_cast<double>(candidate + 1)) << "a linear model of the hats can be the length itself";
  }
}

TEST(Lengths, RelabelTextsByWhatTheyMeasure) {
  PreferenceData texts;
  texts.candidate_count = 5;
  texts.feature_count = 2;
  texts.feature_names = {"other", "surface_log_words"};
  for (const double words : {9.0, 99.0, 9.0, 9.0, 1e6}) {
    texts.features.push_back(0.5F);
    texts.features.push_back(static_cast<float>(std::log(1 + words)));
  }
  texts.context_offset = {0, 2, 4, 5};
  texts.user_names = {"somebody"};
  texts.comparison_user = {0, 0};
  texts.comparison_context = {0, 1};
  texts.comparison_offset = {0, 2, 4};
  texts.comparison_candidate = {1, 0, 2, 3};  // the second is about two of one length
  texts.comparison_ranked = {1, 1};
  texts.comparison_weight = {1, 1};
  texts.comparison_repeat = {-1, -1};
  texts.about["licence"] = "of the texts";
  LengthsRecipe recipe;
  recipe.comparisons = 300;
  const PreferenceData data = relabel_by_length(recipe, texts, "surface_log_words");
  EXPECT_THAT(problems_of(data), IsEmpty());
  EXPECT_EQ(data.feature_count, 35);
  EXPECT_EQ(data.user_count(), 300);
  EXPECT_EQ(data.about.at("licence"), "of the texts");
  std::array<double, 2> chosen{};  // by whether the longer one was
  for (std::size_t row = 0; row < 300; ++row) {
    EXPECT_EQ(data.comparison_context[row], 0);
    chosen[data.comparison_candidate[2 * row] == 1 ? 1 : 0] += 1;
  }
  EXPECT_GT(std::min(chosen[0], chosen[1]), 50) << "answers are those of the types, not of the texts";
  EXPECT_EQ(data.features[4 * 35 + 34], 1.0F) << "a million words are cut to 512";
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)relabel_by_length(recipe, texts, "other_words"); }),
              HasSubstr("--length-feature is \"other_words\", which is no feature of the data"));
  texts.comparison_candidate = {0, 0, 2, 3};
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)relabel_by_length(recipe, texts, "surface_log_words"); }),
              HasSubstr("no comparison of the data is about candidates of different lengths"));
}

}  // namespace
}  // namespace fairsweep
