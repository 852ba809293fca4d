#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Pooled training that draws the comparisons of small groups, or of people who compared little, more often.
/// docs/methods/oversampled.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_oversampled();

}  // namespace fairsweep
