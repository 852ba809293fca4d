#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// The models of the kinds of people, mixed so that the worst-off kind is as well off as it can be. On models that are
/// there; training for the worst-off group is `group_dro`. docs/methods/ensembles.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_max_min();

}  // namespace fairsweep
