#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Links everybody to `links` different others, one after the other: with chance `homophily` to one drawn evenly from
/// those of his own type who are left, where there is one, else to one drawn evenly from all who are left. Sorted by
/// listener, then by whom he listens to; no weights.
/// @param type       [people]
/// @param links      at most half of the others
/// @param homophily  0 to 1; with shares p of a type, a link stays within it with chance about h + (1 - h) p
/// Cost: O(people links log links).
[[nodiscard]] UserLinks draw_links(const std::vector<std::size_t>& type, std::int64_t links, double homophily,
                                   std::uint64_t seed);

}  // namespace fairsweep
