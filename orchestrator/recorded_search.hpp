#pragma once

#include <memory>
#include <vector>

#include "core/domain/value.hpp"
#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

/// Suggests what another run has suggested, in its order, for a run that repeats a part of it. In no catalogue: a sweep
/// cannot ask for it.
/// @param configurations  sampled settings by configuration; at least one, below 2^32
[[nodiscard]] std::unique_ptr<SearchStrategy> make_recorded(std::vector<Settings> configurations);

}  // namespace fairsweep
