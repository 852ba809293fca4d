#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/people.hpp"
#include "core/protocol/messages.hpp"
#include "workers/data/preference_data.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What has to be known to feed a model of a sweep: the same for all its trials.
struct ModelRecipe {
  std::string sweep;
  std::string data_digest;
  std::uint64_t seed = 0;
  std::vector<std::string> feature_names;       ///< [D] columns of the features, in order
  std::vector<std::string> user_feature_names;  ///< [F]
  FeatureScales scales;                         ///< built into the model
  std::vector<std::string> people;              ///< names, by row
  std::vector<std::string> people_by;  ///< attributes of comparisons by which users are several people; empty: none
  std::vector<std::string> groups;
  std::string text_recipe;  ///< JSON, how texts became features; empty: they came from elsewhere
};

/// Reads the data of a sweep once more, for what the trainers' tensors no longer say. Cost: as reading the data.
/// @throws UserError as read_data_file and resolve_people.
[[nodiscard]] ModelRecipe make_model_recipe(const TrainerSetup& setup);

}  // namespace fairsweep
