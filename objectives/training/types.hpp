#pragma once

#include <memory>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// The stages of models of hidden types: the search, and the types themselves, named k_types_stage. A method that goes
/// on from the models of the types has these before its own.
/// @throws UserError (configuration) where a setting is missing.
[[nodiscard]] std::vector<Stage> types_stages(const Settings& settings);

/// Hidden types of people, each with a reward model, a person scored by the mixture of them that their answers speak
/// for. docs/methods/types.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_types();

}  // namespace fairsweep
