#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// One model for all that serves the worst off of hidden types: types by the search, then weights on the types that
/// grow where the loss is high. docs/methods/types.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_max_min_types();

}  // namespace fairsweep
