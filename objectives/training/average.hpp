#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// The models of the kinds of people, all weighed alike or by how many people there are of each.
/// docs/methods/ensembles.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_average();

}  // namespace fairsweep
