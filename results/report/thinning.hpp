#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fairsweep::report {

/// `most` of the numbers 0 to keys.size() - 1, ascending, all of them where they are not more. Which are kept follows
/// from their keys alone, by Philox, so that no order of the search (a grid's stride) can show in what is left, and a
/// number once kept stays while others are added. O(n).
[[nodiscard]] std::vector<std::size_t> thinned(const std::vector<std::uint32_t>& keys, std::size_t most);

/// `most` of `count` places, spread evenly, the first and the last among them (most >= 2); all where they are not more.
[[nodiscard]] std::vector<std::size_t> spread_evenly(std::size_t count, std::size_t most);

}  // namespace fairsweep::report
