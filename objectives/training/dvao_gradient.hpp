#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Steps along the static sum of the groups' gradients, of a length that falls as they disagree, after DVAO: an
/// ablation of ours. docs/methods/dvao_weighted.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_dvao_gradient();

}  // namespace fairsweep
