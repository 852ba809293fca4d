#pragma once

#include <optional>
#include <vector>

#include "core/domain/objective.hpp"
#include "core/domain/trial.hpp"

namespace fairsweep {

/// What makes a report unfit for the front: no validation value of an objective ("missing_metric"), or one that is not
/// finite ("non_finite_metric"). The failure is final: the same trial would report the same. O(metrics x objectives).
[[nodiscard]] std::optional<TrialFailure> problem_of(const TrialReport& report,
                                                     const std::vector<Objective>& objectives);

}  // namespace fairsweep
