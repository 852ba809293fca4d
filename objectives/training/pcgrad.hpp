#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Projected conflicting gradients over the groups. docs/methods/pcgrad.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_pcgrad();

}  // namespace fairsweep
