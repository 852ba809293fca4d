#pragma once

#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// The same comparisons with the other candidates of their contexts behind their own (ContextColumns), to be scored and
/// no more: `present` is false there, so the likelihood of what the user did does not see them.
[[nodiscard]] ComparisonTensors with_other_candidates(const ComparisonTensors& comparisons);

}  // namespace fairsweep
