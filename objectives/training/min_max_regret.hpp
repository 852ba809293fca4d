#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Min-max regret aggregation of the models of the kinds of people, with a weight for each kind's regret.
/// docs/methods/ensembles.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_min_max_regret();

}  // namespace fairsweep
