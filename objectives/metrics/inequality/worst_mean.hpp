#pragma once

#include <span>

#include "core/domain/objective.hpp"

namespace fairsweep::fairness {

/// Mean of the ceil(share n) worst values, raw: the lowest where more is better, the highest where less is. What is
/// also called the conditional value at risk. NaN of nobody. @param share in (0, 1]. O(n log n).
[[nodiscard]] double worst_mean(std::span<const double> values, double share, Direction direction);

}  // namespace fairsweep::fairness
