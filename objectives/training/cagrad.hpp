#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Conflict-averse gradients over the groups. docs/methods/cagrad.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_cagrad();

}  // namespace fairsweep
