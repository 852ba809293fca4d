#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// The mean gradient, projected so that it harms no group. docs/methods/dual_proj.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_dual_proj();

}  // namespace fairsweep
