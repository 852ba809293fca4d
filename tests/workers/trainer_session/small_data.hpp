#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/protocol/messages.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::testing_data {

inline constexpr std::int64_t k_users = 30;
inline constexpr std::int64_t k_comparisons_each = 8;
inline constexpr std::int64_t k_features = 3;

/// A number in [-1, 1) that looks random and is the same everywhere.
inline float scatter(std::int64_t n) {
  auto x = static_cast<std::uint32_t>(n) * 2654435761U;
  x ^= x >> 15U;
  x *= 2246822519U;
  x ^= x >> 13U;
  return static_cast<float>(x >> 8U) / 8388608.0F - 1.0F;
}

/// 30 users with eight comparisons each, every comparison in a context of its own with candidates of its own: pairs and
/// choices of three by turns. Attribute "taste": every third user is "rare" and likes the opposite of feature 0.
/// Column 2 is constant. Two user features.
inline PreferenceData small_data() {
  PreferenceData data;
  data.feature_count = k_features;
  data.feature_names = {"sweet", "price", "always"};
  data.user_feature_count = 2;
  data.user_feature_names = {"age", "rare"};
  data.context_offset = {0};
  data.comparison_offset = {0};
  auto& taste = data.user_attributes["taste"];
  taste.labels = {"common", "rare"};
  for (std::int64_t user = 0; user < k_users; ++user) {
    const bool rare = user % 3 == 0;
    data.user_names.push_back("user " + std::to_string(user));
    taste.codes.push_back(rare ? 1 : 0);
    data.user_features.push_back(20.0F + static_cast<float>(user));
    data.user_features.push_back(rare ? 1.0F : 0.0F);
    for (std::int64_t turn = 0; turn < k_comparisons_each; ++turn) {
      const auto comparison = static_cast<std::int64_t>(data.comparison_user.size());
      const std::int64_t n = 2 + comparison % 2;
      const std::int64_t first = data.candidate_count;
      std::int64_t best = 0;
      float best_value = -1e9F;
      for (std::int64_t i = 0; i < n; ++i) {
        const float sweet = scatter(10 * (first + i));
        const float price = scatter(10 * (first + i) + 1);
        data.features.insert(data.features.end(), {5.0F + 2.0F * sweet, 100.0F + 30.0F * price, 7.0F});
        const float value = (rare ? -2.0F : 2.0F) * sweet - price + 0.3F * scatter(10 * (first + i) + 2);
        if (value > best_value) {
          best_value = value;
          best = i;
        }
      }
      data.candidate_count += n;
      data.context_offset.push_back(data.candidate_count);
      data.comparison_candidate.push_back(first + best);
      for (std::int64_t i = 0; i < n; ++i) {
        if (i != best) {
          data.comparison_candidate.push_back(first + i);
        }
      }
      data.comparison_offset.push_back(data.candidate_count);
      data.comparison_user.push_back(static_cast<std::int32_t>(user));
      data.comparison_context.push_back(static_cast<std::int32_t>(comparison));
      data.comparison_ranked.push_back(1);
      data.comparison_weight.push_back(turn % 2 == 0 ? 1.0F : 2.0F);
      data.comparison_repeat.push_back(-1);
    }
  }
  data.about["name"] = "small data of the trainer's tests";
  return data;
}

inline TrainerSetup small_setup() {
  TrainerSetup setup;
  setup.sweep = "small";
  setup.grouping.by = "attribute";
  setup.grouping.attribute = "taste";
  setup.groups = {"common", "rare"};
  setup.split.by = "user";
  setup.split.train = 0.6;
  setup.split.validation = 0.2;
  setup.split.test = 0.2;
  setup.seed = 7;
  setup.metrics = {"accuracy", "log_loss"};
  setup.device = "cpu";
  return setup;
}

}  // namespace fairsweep::testing_data
