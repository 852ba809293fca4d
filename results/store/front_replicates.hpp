#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/replicate_values.hpp"
#include "results/store/front.hpp"

namespace fairsweep {

/// What the competing points of a front are the means of: validation values by replicate, smaller is better.
struct FrontReplicates {
  std::vector<std::size_t> points;  ///< [rows] in front.points
  pareto::ReplicateValues values;   ///< [rows, replicates, objectives]; a column is one replicate number
};

/// O(trials x objectives).
[[nodiscard]] FrontReplicates front_replicates(const RunRecord& record, const Front& front);

}  // namespace fairsweep
