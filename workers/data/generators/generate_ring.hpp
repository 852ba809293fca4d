#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "workers/data/generators/typed_answers.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

inline constexpr std::int64_t k_ring_places = 40;
inline constexpr std::int64_t k_ring_types = 3;

/// Reward of type 0, 1 or 2 for the action that is `offset` from the state, -20 to 19: scale max(0, 1 - rate d), with d
/// the distance on the ring from the type's shift. Shifts -10, 0, 10; rates 0.075, 0.1, 0.075; scales 4, 1.5, 4.
[[nodiscard]] double ring_reward(std::size_t type, std::int64_t offset);

/// What describes a candidate of the ring.
enum class RingFeatures {
  offset,        ///< 40 columns, one for each offset: a linear model without user input is a table of rewards
  state_action,  ///< 80 columns, one for each state and one for each action: the model has to find the offset
};

/// Synthetic environment of Shirali et al., Direct Alignment with Heterogeneous Preferences (arXiv 2502.16320),
/// figure 4.
struct RingRecipe {
  std::int64_t comparisons = 500'000;
  std::int64_t users = 300;
  TypeLabels labels = TypeLabels::one;
  RingFeatures features = RingFeatures::offset;
  std::uint64_t seed = 1;
};

/// 40 states are the contexts and 40 actions the candidates of each, both on a ring; a comparison is about two
/// different actions in a state, all alike. Three equally common types differ in which offset of action and state they
/// like: the one that most answers favour is not the one with the highest average reward. The same recipe gives the
/// same data on every machine. Deviation: the source may draw an action against itself, which says nothing. Cost:
/// O(comparisons). @throws UserError (configuration) naming the option that is out of range.
[[nodiscard]] PreferenceData generate_ring(const RingRecipe& recipe);

/// "offset" or "state_action". @throws UserError (configuration) otherwise.
[[nodiscard]] RingFeatures ring_features_named(const std::string& name);

}  // namespace fairsweep
