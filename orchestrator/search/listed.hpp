#pragma once

#include <memory>
#include <vector>

#include "core/domain/search_space.hpp"
#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

/// Configurations that somebody wrote out, in their order; copies stay.
/// @throws UserError (configuration) naming the first that lacks a parameter of the space, has one that is not active
/// under its other values, or has a value outside its distribution.
[[nodiscard]] std::unique_ptr<SearchStrategy> make_listed(const SearchSpace& space, std::vector<Settings> listed);

}  // namespace fairsweep
