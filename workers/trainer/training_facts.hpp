#pragma once

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// Of one part of the data; weights are scaled to mean 1 and have that type.
[[nodiscard]] ComparisonFacts comparison_facts(const ComparisonTensors& comparisons, at::ScalarType type);

/// What methods may know of the data; weights are scaled to mean 1 and have the features' type.
[[nodiscard]] TrainingFacts training_facts(const TrainingSet& data);

}  // namespace fairsweep
