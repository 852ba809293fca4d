#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workers/data/generators/type_rewards.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// People of hidden types who rank candidates.
struct TypedPeopleRecipe {
  std::int64_t types = 3;
  std::string shares = {};  ///< of the types among the people, "10,1"; empty: all alike
  std::int64_t users = 300;
  std::int64_t contexts = 400;
  std::int64_t pool = 0;                    ///< candidates of each context; 0: as many as a comparison shows
  std::int64_t candidates = 3;              ///< that a comparison shows
  std::optional<std::int64_t> ranked = {};  ///< of them that are put in order; without: all but the last
  std::int64_t comparisons_per_user = 20;   ///< each in another context
  std::int64_t features = 8;                ///< of a candidate
  RewardShape rewards = RewardShape::linear;
  double similarity = 0;     ///< correlation of the rewards of any two types over the candidates
  double own = 0;            ///< share of the variance of a person's reward that is nobody else's, in [0, 1)
  double temperature = 0.5;  ///< of the answers: smaller, fewer answers against one's own taste
  std::int64_t links = 0;    ///< people each is linked to
  double homophily = 0.8;    ///< chance that a link is drawn among people of one's own type, in [0, 1]
  std::uint64_t seed = 1;
};

/// What nobody sees in reality. For tests and for people who check the generator.
struct TypedPeopleTruth {
  std::vector<std::vector<double>> type_rewards;  ///< [types][candidates]
  std::vector<double> own_weights;                ///< [users, features], rows of length 1; empty where own is 0
};

struct TypedPeopleSample {
  PreferenceData data;
  TypedPeopleTruth truth;
};

/// Candidates have independent standard normal features. The reward of somebody of type t for candidate x is
/// sqrt(1 - own) r_t(x) + sqrt(own) w x, with r_t of type_rewards() and w a direction of his own, drawn evenly; his
/// answers are drawn exactly from the Plackett-Luce model with utilities reward / temperature. The attribute "type"
/// says who is what and is in nothing that is learned from; its ceiling is the mean, over the people of a type, of the
/// chance that the candidate that he most likely puts first is the one he does put first, exactly. `about` records the
/// recipe and the accuracy one answer for everybody could reach. With links, everybody is linked to so many different
/// others, one after the other: with chance `homophily` to somebody of his own type, as long as one is left, else to
/// anybody. The same recipe gives the same data on every machine.
/// The construction is ours.
/// Cost: O(contexts * pool * types * (features + types) + users * comparisons * candidates * (features + ranked)).
/// @throws UserError (configuration) naming the option that is out of range.
[[nodiscard]] TypedPeopleSample generate_typed_people(const TypedPeopleRecipe& recipe);

}  // namespace fairsweep
