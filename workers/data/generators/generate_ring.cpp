#include "workers/data/generators/generate_ring.hpp"

#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

constexpr std::int64_t k_half = k_ring_places / 2;

std::int64_t offset_of(std::int64_t state, std::int64_t action) {
  return (action - state + k_ring_places + k_half) % k_ring_places - k_half;
}

std::string command_of(const RingRecipe& recipe) {
  return "fairsweep generate ring --comparisons " + std::to_string(recipe.comparisons) + " --users " +
         std::to_string(recipe.users) + " --labels " + std::string(name_of(recipe.labels)) + " --features " +
         (recipe.features == RingFeatures::offset ? "offset" : "state_action") + " --seed " +
         std::to_string(recipe.seed);
}

void name_features(PreferenceData& data, RingFeatures features) {
  if (features == RingFeatures::offset) {
    for (std::int64_t offset = -k_half; offset < k_half; ++offset) {
      data.feature_names.push_back("offset=" + std::to_string(offset));
    }
  } else {
    for (const char* kind : {"state=", "action="}) {
      for (std::int64_t place = 0; place < k_ring_places; ++place) {
        data.feature_names.push_back(kind + std::to_string(place));
      }
    }
  }
  data.feature_count = std::ssize(data.feature_names);
}

}  // namespace

double ring_reward(std::size_t type, std::int64_t offset) {
  constexpr std::array<double, k_ring_types> k_shift = {-10, 0, 10};
  constexpr std::array<double, k_ring_types> k_rate = {0.075, 0.1, 0.075};
  constexpr std::array<double, k_ring_types> k_scale = {4, 1.5, 4};
  const double apart = std::fabs(static_cast<double>(offset) - k_shift.at(type));
  const double distance = std::min(apart, static_cast<double>(k_ring_places) - apart);
  return k_scale.at(type) * std::max(0.0, 1 - k_rate.at(type) * distance);
}

RingFeatures ring_features_named(const std::string& name) {
  if (name != "offset" && name != "state_action") {
    throw UserError(ExitCode::configuration, "--features is \"" + name + "\"; it must be offset or state_action");
  }
  return name == "offset" ? RingFeatures::offset : RingFeatures::state_action;
}

PreferenceData generate_ring(const RingRecipe& recipe) {
  check_typed_counts(recipe.comparisons, recipe.users, k_ring_types);
  PreferenceData data;
  name_features(data, recipe.features);
  data.candidate_count = k_ring_places * k_ring_places;
  data.features.assign(static_cast<std::size_t>(data.candidate_count * data.feature_count), 0.0F);
  data.context_offset.push_back(0);
  TypedPopulation population;
  population.types = {"shift -10", "shift 0", "shift 10"};
  population.rewards.resize(k_ring_types);
  population.users = recipe.users;
  population.comparisons = recipe.comparisons;
  population.labels = recipe.labels;
  population.seed = recipe.seed;
  for (std::int64_t state = 0; state < k_ring_places; ++state) {
    data.context_names.push_back("state " + std::to_string(state));
    for (std::int64_t action = 0; action < k_ring_places; ++action) {
      const std::int64_t candidate = state * k_ring_places + action;
      const std::int64_t offset = offset_of(state, action);
      data.candidate_names.push_back("offset " + std::to_string(offset));
      float* const row = data.features.data() + candidate * data.feature_count;
      if (recipe.features == RingFeatures::offset) {
        row[offset + k_half] = 1;
      } else {
        row[state] = 1;
        row[k_ring_places + action] = 1;
      }
      for (std::size_t type = 0; type < k_ring_types; ++type) {
        population.rewards[type].push_back(ring_reward(type, offset));
      }
    }
    data.context_offset.push_back((state + 1) * k_ring_places);
  }
  add_typed_answers(data, population, [](RandomStream& stream) {
    const auto state = static_cast<std::int64_t>(stream.below(k_ring_places));
    const auto first = static_cast<std::int64_t>(stream.below(k_ring_places));
    const auto other = static_cast<std::int64_t>(stream.below(k_ring_places - 1));
    const std::int64_t second = other + (other >= first ? 1 : 0);
    return DrawnPair{state, state * k_ring_places + first, state * k_ring_places + second};
  });
  data.about["name"] = "ring";
  data.about["source"] = "generated";
  data.about["licence"] = "CC0-1.0";
  data.about["recipe"] = command_of(recipe);
  data.about["after"] = "Shirali et al., Direct Alignment with Heterogeneous Preferences, arXiv 2502.16320, figure 4";
  check(problems_of(data).empty(), "generated data follow the format");
  return data;
}

}  // namespace fairsweep
