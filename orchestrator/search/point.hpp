#pragma once

#include <span>

#include "core/domain/search_space.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

/// The configuration at a point of the unit cube: parameter j takes its value at coordinates[j], and is left out where
/// its condition does not hold. Each parameter keeps its own coordinate, active or not, so that one parameter's
/// values do not move when another is switched off.
/// @param coordinates  one in [0, 1) for every parameter. @throws InternalError on another number of them.
[[nodiscard]] Settings settings_at(const SearchSpace& space, std::span<const double> coordinates);

}  // namespace fairsweep
