#pragma once

#include <cstdint>
#include <memory>

#include "core/domain/search_space.hpp"
#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

/// Independent uniform points of the search space; configuration i has its own Philox stream (Purpose::search).
[[nodiscard]] std::unique_ptr<SearchStrategy> make_random(SearchSpace space, std::uint64_t seed);

}  // namespace fairsweep
