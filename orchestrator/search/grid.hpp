#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/domain/search_space.hpp"
#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

/// Every combination of the parameters' levels, the last parameter changing fastest. A parameter whose condition does
/// not hold takes no part, so no configuration comes twice. suggest() costs O(parameters x levels), whatever the index.
/// @param grid_points  levels of a continuous parameter, at least 1
/// @throws UserError (configuration) where there are more than 2^32 - 1 combinations.
[[nodiscard]] std::unique_ptr<SearchStrategy> make_grid(SearchSpace space, std::int64_t grid_points);

/// The levels a grid walks: every value of a choice; `grid_points` values of a range, evenly spaced (in the logarithm
/// for log_uniform), both ends included, one point: the middle. Integers are rounded, and each comes once.
[[nodiscard]] std::vector<Value> grid_levels(const Distribution& distribution, std::int64_t grid_points);

}  // namespace fairsweep
