#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random/philox.hpp"

namespace fairsweep {

/// `wanted` different numbers below `total`, every set and every order of them equally likely.
/// @param wanted  at most `total`, which is below 2^32 where more than half are wanted
/// Cost: O(wanted log wanted) where at most half are wanted, else O(total).
[[nodiscard]] std::vector<std::uint64_t> draw_distinct(RandomStream& stream, std::uint64_t total, std::size_t wanted);

}  // namespace fairsweep
