#pragma once

#include <cstdint>
#include <string>

#include "workers/data/generators/typed_answers.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

inline constexpr std::int64_t k_longest = 512;
inline constexpr std::int64_t k_length_types = 3;

/// Reward of type 0, 1 or 2 for an answer of `length` tokens, 1 to 512:
///   0 likes long ones    min(4, exp(x / 80) / 100)
///   1 likes short ones   min(4, exp((512 - x) / 80) / 100)
///   2 likes the middle   exp(1 / (((x - 256) / 64)^2 + 1)) - 1
[[nodiscard]] double length_reward(std::size_t type, std::int64_t length);

/// The length relabelling of Shirali et al., Direct Alignment with Heterogeneous Preferences (arXiv 2502.16320).
struct LengthsRecipe {
  std::int64_t comparisons = 100'000;
  std::int64_t users = 300;
  TypeLabels labels = TypeLabels::one;
  std::uint64_t seed = 1;
};

/// Three equally common types who look at nothing but the length of an answer. One context with a candidate for each
/// length from 1 to 512; a comparison is about two different ones, all alike. A candidate is described by 33 hats on
/// its length, 0 to 512 by 16, each 1 at its place and falling to 0 at its neighbours': a linear model is a piecewise
/// linear function of the length. The same recipe gives the same data on every machine. O(comparisons).
/// @throws UserError (configuration) naming the option that is out of range.
[[nodiscard]] PreferenceData generate_lengths(const LengthsRecipe& recipe);

/// The same on candidates that there are: of `texts` all answers and people are replaced, and a comparison is one of
/// the first two candidates of a comparison there, drawn alike. A candidate's length is exp(column) - 1 of the feature
/// `column`, as surface_log_words is, rounded and cut to 1 to 512; the hats are added to its features. Comparisons of
/// candidates of equal length are left out.
/// @throws UserError (configuration) where there is no such feature, or nothing is left to compare.
[[nodiscard]] PreferenceData relabel_by_length(const LengthsRecipe& recipe, const PreferenceData& texts,
                                               const std::string& column);

}  // namespace fairsweep
