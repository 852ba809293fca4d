#pragma once

#include <cstdint>
#include <memory>

#include "core/domain/search_space.hpp"
#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

/// The scrambled Sobol' sequence: points that fill the space evenly, from the first on. Parameter j of the space is
/// dimension j, conditional ones included. Best balanced where the number of configurations is a power of two.
/// @throws UserError (configuration) where the space has more parameters than k_sobol_dimensions.
[[nodiscard]] std::unique_ptr<SearchStrategy> make_sobol(SearchSpace space, std::uint64_t seed);

}  // namespace fairsweep
