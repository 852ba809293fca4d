#pragma once

#include <cstdint>
#include <vector>

#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// These rows, in this order, of every tensor that has a row a comparison.
[[nodiscard]] ComparisonTensors rows_of(const ComparisonTensors& part, const std::vector<std::int64_t>& rows);

}  // namespace fairsweep
