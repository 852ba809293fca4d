#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/random/philox.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Deals each person's comparisons into two halves, [M] 0 or 1: by chance, numbers that differ by one at most, which of
/// the halves is the larger by chance, too. What was asked of a person twice goes to one half together.
/// @param comparisons  training comparisons. O(M log M).
[[nodiscard]] std::vector<double> deal_halves(const ComparisonFacts& comparisons, RandomStream& random);

/// Everybody of these people to one of the types by chance, the types equally large: [people], -1 of the others.
[[nodiscard]] std::vector<std::int32_t> deal_types(const std::vector<bool>& people, std::int64_t types,
                                                   RandomStream& random);

/// Hidden types of people by expectation maximisation, several restarts beside each other: the stage before whatever
/// trains on types (type_stages.hpp). Members are the types of the first restart, then those of the second, ...
/// docs/methods/types.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_type_search();

}  // namespace fairsweep
