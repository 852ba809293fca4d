#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Nash bargaining between the groups. docs/methods/nash_mtl.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_nash_mtl();

}  // namespace fairsweep
