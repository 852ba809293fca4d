#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/generators/generate_typed_people.hpp"
#include "workers/data/generators/plackett_luce.hpp"

namespace fairsweep {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::refusal;

/// All orders of the first `ranked` of n.
std::vector<std::vector<std::size_t>> orders_of(std::size_t n, std::size_t ranked) {
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::set<std::vector<std::size_t>> found;
  do {
    found.insert({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(ranked)});
  } while (std::next_permutation(all.begin(), all.end()));
  return {found.begin(), found.end()};
}

/// By the formula of the model: the product over places of exp(u) over the sum of what is left.
double chance_of(const std::vector<double>& utilities, const std::vector<std::size_t>& order) {
  double chance = 1;
  double left = 0;
  for (const double utility : utilities)
    left += std::exp(utility);
  for (const std::size_t at : order) {
    chance *= std::exp(utilities[at]) / left;
    left -= std::exp(utilities[at]);
  }
  return chance;
}

TEST(PlackettLuce, ProbabilitiesAreThoseOfTheFormula) {
  const std::vector<double> utilities = {0.3, -0.5, 1.1, 0.0};
  for (std::size_t ranked = 1; ranked < 4; ++ranked) {
    double sum = 0;
    for (const auto& order : orders_of(4, ranked)) {
      EXPECT_NEAR(ranking_probability(utilities, order, ranked), chance_of(utilities, order), 1e-14);
      sum += ranking_probability(utilities, order, ranked);
    }
    EXPECT_NEAR(sum, 1, 1e-13);
  }
  // Worked out by hand: e^0.3 = 1.349859, e^-0.5 = 0.606531, e^1.1 = 3.004166, 1; together 5.960556.
  EXPECT_NEAR(ranking_probability(utilities, std::vector<std::size_t>{2, 0}, 2), 0.504008 * 0.456596, 1e-5);
  EXPECT_NEAR(first_place_probabilities(utilities)[2], 0.504008, 1e-6);
  const std::vector<double> far = {1000, 0, -1000};
  EXPECT_EQ(ranking_probability(far, std::vector<std::size_t>{0, 1}, 2), 1) << "nothing overflows";
}

TEST(PlackettLuce, DrawsHaveTheirProbabilities) {
  const std::vector<double> utilities = {0.3, -0.5, 1.1, 0.0};
  constexpr int k_draws = 60'000;
  RandomStream stream(11, 0, 0, Purpose::generator_labels);
  std::map<std::vector<std::size_t>, int> found;
  for (int draw = 0; draw < k_draws; ++draw) {
    const std::vector<std::size_t> order = draw_ranking(utilities, 2, stream);
    ASSERT_EQ(order.size(), 4U);
    EXPECT_LT(order[2], order[3]) << "places that are not ranked say nothing";
    ++found[{order[0], order[1]}];
  }
  for (const auto& order : orders_of(4, 2)) {
    const double p = chance_of(utilities, order);
    EXPECT_NEAR(found[order], k_draws * p, 4.5 * std::sqrt(k_draws * p * (1 - p)))
        << "seed 11, " << order[0] << order[1];
  }
}

std::vector<double> utilities_of(const TypedPeopleSample& sample, std::size_t row, double temperature) {
  const PreferenceData& data = sample.data;
  const auto user = static_cast<std::size_t>(data.comparison_user[row]);
  const auto type = static_cast<std::size_t>(data.user_attributes.at("type").codes[user]);
  std::vector<double> values;
  for (auto at = data.comparison_offset[row]; at < data.comparison_offset[row + 1]; ++at) {
    const auto candidate = static_cast<std::size_t>(data.comparison_candidate[static_cast<std::size_t>(at)]);
    values.push_back(sample.truth.type_rewards[type][candidate] / temperature);
  }
  return values;
}

TEST(TypedPeople, ArePinnedAndFollowTheirRecipe) {
  const PreferenceData data = generate_typed_people({}).data;
  EXPECT_THAT(problems_of(data), IsEmpty());
  // The same recipe gives the same data on every machine; a new digest means that published recipes are lost.
  EXPECT_EQ(digest_of(data), "d9f869d60fe5d00f7f67364aeb8a1b289bc18f0f4ad7fd4ef0cd2537c7cf74fd");
  EXPECT_EQ(data.about.at("recipe"),
            "fairsweep generate types --types 3 --shares 1,1,1 --users 300 --contexts 400 --pool 3 --candidates 3 "
            "--ranked 2 --comparisons-per-user 20 --features 8 --rewards linear --similarity 0 --own 0 "
            "--temperature 0.5 --seed 1");
  EXPECT_EQ(data.comparison_count(), 6000);
  EXPECT_EQ(data.candidate_count, 1200);
  EXPECT_THAT(data.comparison_ranked, Each(2));
  EXPECT_THAT(data.user_attributes.at("type").labels, ElementsAre("type_1", "type_2", "type_3"));
  EXPECT_THAT(data.user_feature_names, IsEmpty()) << "types are hidden";
  std::vector<std::set<std::int32_t>> contexts(300);
  for (std::size_t row = 0; row < 6000; ++row)
    contexts[static_cast<std::size_t>(data.comparison_user[row])].insert(data.comparison_context[row]);
  EXPECT_THAT(contexts, Each(::testing::SizeIs(20))) << "nobody is asked about a context twice";
}

TEST(TypedPeople, PoolsSharesNetworksAndOwnTastesArePinned) {
  TypedPeopleRecipe recipe;
  recipe.types = 2;
  recipe.shares = "10,1";
  recipe.users = 60;
  recipe.contexts = 30;
  recipe.pool = 6;
  recipe.candidates = 4;
  recipe.ranked = 1;
  recipe.comparisons_per_user = 20;
  recipe.rewards = RewardShape::network;
  recipe.similarity = -0.5;
  recipe.own = 0.25;
  recipe.seed = 9;
  const TypedPeopleSample sample = generate_typed_people(recipe);
  const PreferenceData& data = sample.data;
  EXPECT_EQ(digest_of(data), "dc7994ce3b117a8243f9cb477bd0f5db160964ad393290539e1822a14dd41522");
  const auto& codes = data.user_attributes.at("type").codes;
  EXPECT_EQ(std::count(codes.begin(), codes.end(), 1), 5) << "a share of 1 in 11 of 60, by largest remainder";
  EXPECT_FALSE(std::is_sorted(codes.begin(), codes.end())) << "the order of the people does not give types away";
  EXPECT_EQ(data.candidate_count, 180);
  EXPECT_THAT(data.comparison_ranked, Each(1));
  std::set<std::set<std::int64_t>> shown;
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row)
    shown.insert({data.comparison_candidate.begin() + static_cast<std::ptrdiff_t>(4 * row),
                  data.comparison_candidate.begin() + static_cast<std::ptrdiff_t>(4 * row + 4)});
  EXPECT_GT(shown.size(), 200U) << "four of six, not always the same";
  ASSERT_EQ(sample.truth.own_weights.size(), 60U * 8U);
  for (std::size_t user = 0; user < 60; ++user) {
    double square = 0;
    for (std::size_t at = 0; at < 8; ++at)
      square += sample.truth.own_weights[user * 8 + at] * sample.truth.own_weights[user * 8 + at];
    EXPECT_NEAR(square, 1, 1e-12);
  }
}

TEST(TypedPeople, RewardsHaveTheCorrelationThatWasAsked) {
  for (const RewardShape shape : {RewardShape::linear, RewardShape::network}) {
    for (const double similarity : {-0.5, 0.0, 0.6, 1.0}) {
      TypedPeopleRecipe recipe;
      recipe.rewards = shape;
      recipe.similarity = similarity;
      const TypedPeopleSample sample = generate_typed_people(recipe);
      const auto& rewards = sample.truth.type_rewards;
      const auto product = [&](std::size_t a, std::size_t b) {
        return std::inner_product(rewards[a].begin(), rewards[a].end(), rewards[b].begin(), 0.0) / 1200;
      };
      for (std::size_t a = 0; a < 3; ++a) {
        EXPECT_NEAR(std::accumulate(rewards[a].begin(), rewards[a].end(), 0.0) / 1200, 0, 1e-10);
        EXPECT_NEAR(product(a, a), 1, 1e-10);
        for (std::size_t b = 0; b < a; ++b)
          EXPECT_NEAR(product(a, b), similarity, 1e-10);
      }
      // How much of a reward no weighted sum of the features explains.
      Eigen::MatrixXd features(1200, 9);
      for (Eigen::Index row = 0; row < 1200; ++row) {
        for (Eigen::Index at = 0; at < 8; ++at)
          features(row, at) = static_cast<double>(sample.data.features[static_cast<std::size_t>(row * 8 + at)]);
        features(row, 8) = 1;
      }
      const Eigen::Map<const Eigen::VectorXd> wanted(rewards[1].data(), 1200);
      const Eigen::VectorXd weights = features.colPivHouseholderQr().solve(wanted);
      const double left = (features * weights - wanted).squaredNorm() / 1200;
      if (shape == RewardShape::linear) {
        EXPECT_LT(left, 1e-20);
      } else {
        EXPECT_GT(left, 0.1);
      }
    }
  }
}

TEST(TypedPeople, AnswerByTheirRewardsAndCeilingsAreExact) {
  TypedPeopleRecipe recipe;
  recipe.shares = "3,2,1";
  recipe.pool = 5;
  recipe.candidates = 4;
  recipe.ranked = 2;
  const TypedPeopleSample sample = generate_typed_people(recipe);
  const auto& codes = sample.data.user_attributes.at("type").codes;
  std::array<double, 3> best{}, count{};
  double found = 0, expected = 0, variance = 0;
  for (std::size_t row = 0; row < sample.data.comparison_user.size(); ++row) {
    const std::vector<double> utilities = utilities_of(sample, row, 0.5);
    // The log-probability of what was said, against its mean and variance over all that could have been said.
    double mean = 0, square = 0, top = 0;
    for (const auto& order : orders_of(4, 2)) {
      const double p = chance_of(utilities, order);
      mean += p * std::log(p);
      square += p * std::log(p) * std::log(p);
    }
    for (std::size_t at = 0; at < 4; ++at)
      top = std::max(top, chance_of(utilities, {at}));
    found += std::log(chance_of(utilities, {0, 1}));  // candidates are stored in the order that was drawn
    expected += mean;
    variance += square - mean * mean;
    const auto type = static_cast<std::size_t>(codes[static_cast<std::size_t>(sample.data.comparison_user[row])]);
    best[type] += top;
    count[type] += 1;
  }
  EXPECT_NEAR(found, expected, 4 * std::sqrt(variance)) << "seed 1";
  ASSERT_EQ(sample.data.ceilings.size(), 1U);
  for (std::size_t type = 0; type < 3; ++type)
    EXPECT_NEAR(sample.data.ceilings[0].accuracy[type], best[type] / count[type], 1e-12);
  EXPECT_EQ(count[0], 150 * 20);
  EXPECT_EQ(count[2], 50 * 20);
}

TEST(TypedPeople, OneAnswerServesTypesThatAreOne) {
  TypedPeopleRecipe recipe;
  recipe.similarity = 1;
  const PreferenceData alike = generate_typed_people(recipe).data;
  // Worked out by hand from the definition: where all agree, the popular answer is everybody's best.
  const std::string& text = alike.about.at("one answer for everybody");
  for (std::size_t type = 0; type < 3; ++type) {
    const std::string label = " (type_" + std::to_string(type + 1) + ")";
    const std::size_t end = text.find(label);
    ASSERT_NE(end, std::string::npos) << text;
    const std::size_t begin = text.rfind(' ', end - 1) + 1;
    EXPECT_NEAR(std::stod(text.substr(begin, end - begin)), alike.ceilings[0].accuracy[type], 5.1e-5);
  }
}

TEST(TypedPeople, OwnTastesTakeTheirShare) {
  TypedPeopleRecipe recipe;
  recipe.users = 30;
  recipe.own = 0.5;
  recipe.temperature = 0.001;  // nearly the best candidate always
  const TypedPeopleSample sample = generate_typed_people(recipe);
  int right = 0, right_by_type = 0;
  for (std::size_t row = 0; row < 600; ++row) {
    const auto user = static_cast<std::size_t>(sample.data.comparison_user[row]);
    std::vector<double> by_type = utilities_of(sample, row, 1);
    std::vector<double> whole = by_type;
    for (std::size_t at = 0; at < 3; ++at) {
      const auto candidate = static_cast<std::size_t>(sample.data.comparison_candidate[3 * row + at]);
      double own = 0;
      for (std::size_t feature = 0; feature < 8; ++feature)
        own += sample.truth.own_weights[user * 8 + feature] *
               static_cast<double>(sample.data.features[candidate * 8 + feature]);
      whole[at] = std::sqrt(0.5) * (by_type[at] + own);
    }
    right += whole[0] > whole[1] && whole[1] > whole[2] ? 1 : 0;
    right_by_type += by_type[0] > by_type[1] && by_type[1] > by_type[2] ? 1 : 0;
  }
  EXPECT_GT(right, 590);
  EXPECT_LT(right_by_type, 400);
}

TEST(TypedPeople, WrongOptionsAreNamed) {
  const auto message = [](auto change) {
    TypedPeopleRecipe recipe;
    change(recipe);
    return refusal(ExitCode::configuration, [&] { (void)generate_typed_people(recipe); });
  };
  EXPECT_THAT(message([](auto& r) { r.types = 0; }), HasSubstr("--types is 0; it must be from 1 to 100"));
  EXPECT_THAT(message([](auto& r) { r.types = 9; }), HasSubstr("--features is 8; it must be at least 9"));
  EXPECT_THAT(message([](auto& r) { r.shares = "1,2"; }), HasSubstr("--shares has 2 numbers for 3 types"));
  EXPECT_THAT(message([](auto& r) { r.shares = "1,2,-1"; }), HasSubstr("\"-1\" must be a number above 0"));
  EXPECT_THAT(message([](auto& r) { r.shares = "1000,1000,1"; }), HasSubstr("leaves nobody of type 3"));
  EXPECT_THAT(message([](auto& r) { r.users = 2; }), HasSubstr("--users is 2"));
  EXPECT_THAT(message([](auto& r) { r.pool = 2; }), HasSubstr("--pool is 2; it must be at least the 3 candidates"));
  EXPECT_THAT(message([](auto& r) { r.candidates = 1; }), HasSubstr("--candidates is 1; it must be from 2 to 100"));
  EXPECT_THAT(message([](auto& r) { r.ranked = 3; }), HasSubstr("--ranked is 3; it must be from 1 to 2"));
  EXPECT_THAT(message([](auto& r) { r.comparisons_per_user = 401; }), HasSubstr("from 1 to 400, the contexts"));
  EXPECT_THAT(message([](auto& r) { r.similarity = -0.6; }), HasSubstr("--similarity is -0.6; it must be from -0.5"));
  EXPECT_THAT(message([](auto& r) { r.similarity = std::numeric_limits<double>::quiet_NaN(); }),
              HasSubstr("--similarity is nan"));
  EXPECT_THAT(message([](auto& r) { r.own = 1; }), HasSubstr("--own is 1; it must be at least 0 and below 1"));
  EXPECT_THAT(message([](auto& r) { r.temperature = 0; }), HasSubstr("--temperature is 0; it must be from 0.001"));
  EXPECT_THAT(message([](auto& r) {
                r.contexts = 1;
                r.comparisons_per_user = 1;
              }),
              HasSubstr("--contexts is 1; it must be larger: there must be more candidates than types"));
  EXPECT_THAT(refusal(ExitCode::configuration, [] { (void)reward_shape_named("square"); }),
              HasSubstr("--rewards is \"square\"; it must be linear or network"));
}

}  // namespace
}  // namespace fairsweep
