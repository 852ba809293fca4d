#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Exact Pareto-optimal search over the groups: drives their losses to a ray. docs/methods/epo.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_epo();

}  // namespace fairsweep
