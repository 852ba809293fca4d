#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep::testing_support {

/// People of several blocks, each with a taste of its own, who compare pairs by it, wrongly one time in twenty.
struct PlantedRecipe {
  std::vector<int> people;  ///< of each block
  int contexts = 30;        ///< of two candidates
  int answers = 20;         ///< of each person, in different contexts
  unsigned seed = 0;
  bool own_pairs = false;  ///< everybody has contexts that nobody else has
};

struct Planted {
  PreferenceData data;
  std::vector<std::int32_t> block;  ///< [users]
};

inline Planted planted_people(const PlantedRecipe& recipe) {
  std::mt19937 random(recipe.seed);
  std::normal_distribution<double> normal;
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  constexpr std::size_t k_features = 6;
  Planted made;
  PreferenceData& data = made.data;
  data.feature_count = k_features;
  for (std::size_t column = 0; column < k_features; ++column)
    data.feature_names.push_back("f" + std::to_string(column));
  const int contexts = recipe.contexts * (recipe.own_pairs ? 2 : 1);
  data.context_offset = {0};
  for (int context = 0; context < contexts; ++context)
    data.context_offset.push_back(2 * (context + 1));
  data.candidate_count = 2 * contexts;
  for (std::int64_t cell = 0; cell < data.candidate_count * data.feature_count; ++cell)
    data.features.push_back(static_cast<float>(normal(random)));
  data.comparison_offset = {0};
  int next_own = 0;
  data.user_attributes["block"] = {};
  for (std::size_t block = 0; block < recipe.people.size(); ++block) {
    data.user_attributes["block"].labels.push_back("block " + std::to_string(block));
    for (int person = 0; person < recipe.people[block]; ++person) {
      made.block.push_back(static_cast<std::int32_t>(block));
      data.user_attributes["block"].codes.push_back(static_cast<std::int32_t>(block));
      data.user_names.push_back("u" + std::to_string(data.user_names.size()));
      std::vector<int> order(static_cast<std::size_t>(recipe.own_pairs ? 0 : contexts));
      std::iota(order.begin(), order.end(), 0);
      if (!recipe.own_pairs)
        std::shuffle(order.begin(), order.end(), random);
      for (int answer = 0; answer < recipe.answers; ++answer) {
        const int context =
            recipe.own_pairs ? next_own++ % contexts : order[static_cast<std::size_t>(answer % contexts)];
        // Block b likes feature b and dislikes feature b + 1.
        const auto liking = [&](int candidate) {
          const std::size_t at = static_cast<std::size_t>(candidate) * k_features;
          return data.features[at + block % k_features] - data.features[at + (block + 1) % k_features];
        };
        const int first = 2 * context;
        const bool swap = (liking(first) < liking(first + 1)) != (below(20) == 0);
        data.comparison_user.push_back(static_cast<std::int32_t>(data.user_names.size()) - 1);
        data.comparison_context.push_back(context);
        data.comparison_candidate.push_back(swap ? first + 1 : first);
        data.comparison_candidate.push_back(swap ? first : first + 1);
        data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
        data.comparison_ranked.push_back(1);
        data.comparison_weight.push_back(1);
        data.comparison_repeat.push_back(-1);
      }
    }
  }
  return made;
}

inline std::vector<std::int64_t> all_rows(const PreferenceData& data) {
  std::vector<std::int64_t> rows(data.comparison_user.size());
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

/// Share of people whose block is the most frequent one of their group.
inline double purity(const std::vector<std::int32_t>& group, const std::vector<std::int32_t>& block) {
  std::map<std::int32_t, std::map<std::int32_t, int>> counts;
  for (std::size_t user = 0; user < group.size(); ++user)
    ++counts[group[user]][block[user]];
  double kept = 0;
  for (const auto& [name, blocks] : counts) {
    kept += std::max_element(blocks.begin(), blocks.end(), [](const auto& left, const auto& right) {
              return left.second < right.second;
            })->second;
  }
  return kept / static_cast<double>(group.size());
}

}  // namespace fairsweep::testing_support
