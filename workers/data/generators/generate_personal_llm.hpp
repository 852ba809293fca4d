#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Simulated people who judge answers by the same reward dimensions with different weights, a minority by rare ones.
struct PersonalLlmRecipe {
  std::int64_t users = 300;
  std::int64_t contexts = 400;
  std::int64_t candidates = 8;             ///< of each context, at least 2
  std::int64_t dimensions = 10;            ///< reward dimensions, at least 5
  std::int64_t features = 16;              ///< of a candidate
  std::int64_t comparisons_per_user = 60;  ///< different pairs
  double minority_share = 0.25;            ///< of the users, in (0, 0.5]
  double concentration = 20;               ///< of the Dirichlet: larger, people of one taste are more alike
  double focus = 0.8;                      ///< mean weight on the reward dimensions of a taste, in (0, 1)
  double conflict = 0.5;                   ///< how far rare dimensions point against the common ones, in [0, 1)
  double temperature = 0.35;               ///< of the answers: smaller, fewer answers against one's own taste
  double user_noise = 0.1;                 ///< standard deviation added to each user feature (a measured weight)
  std::uint64_t seed = 1;
  bool operator==(const PersonalLlmRecipe&) const = default;
};

/// What nobody sees in reality: behind the data. For tests and for people who check the generator.
struct PersonalLlmTruth {
  std::vector<double> weights;      ///< [users, dimensions], rows sum to 1
  std::vector<double> rewards;      ///< [candidates, dimensions], mean 0 and deviation 1 in each column
  std::vector<double> probability;  ///< [comparisons] that the user prefers the first candidate, as it was recorded
};

struct PersonalLlmSample {
  PreferenceData data;
  PersonalLlmTruth truth;
};

/// Every reward dimension is a random function of the candidate's features, linear with a mild bend; dimensions 0 to 2
/// are common tastes and the last two rare ones. A user's weights are Dirichlet(concentration * mean) with the mean of
/// his taste: `focus` shared by the dimensions of the taste, the rest spread evenly over all. The user prefers i to j
/// with probability 1 / (1 + exp(-(u_i - u_j) / temperature)), u = weights * rewards (Bradley and Terry 1952).
/// User features are the weights, measured with noise. The attribute "taste" has the labels majority and minority; the
/// ceiling is the mean of max(p, 1 - p), exactly. `about` records the recipe and what one answer for everybody could
/// reach. The same recipe gives the same data on every machine.
/// The setting follows Zollo et al., PersonalLLM (ICLR 2025): simulated users as Dirichlet mixtures of reward models.
/// Cost: O(contexts * candidates * dimensions * features + users * comparisons * users).
/// @throws UserError (configuration) naming the setting that is out of range.
[[nodiscard]] PersonalLlmSample generate_personal_llm(const PersonalLlmRecipe& recipe);

}  // namespace fairsweep
