#pragma once

#include <cstdint>

#include "core/domain/value.hpp"
#include "workers/data/generators/generate_typed_people.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep::testing {

/// Generated people of hidden types, three in five of them to train on; of each of the others all answers but four are
/// history. The groups of the set are the types, which nothing learns from.
[[nodiscard]] TrainingSet typed_people(const TypedPeopleRecipe& recipe);

/// Settings of the method types on such people: a linear model, soft assignment, three restarts from tastes.
[[nodiscard]] Settings types_settings(std::int64_t types);

}  // namespace fairsweep::testing
