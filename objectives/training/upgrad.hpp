#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Unconflicting projections of the groups' gradients. docs/methods/upgrad.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_upgrad();

}  // namespace fairsweep
