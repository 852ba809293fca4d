#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Multiple-gradient descent over the groups. docs/methods/mgda.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_mgda();

}  // namespace fairsweep
