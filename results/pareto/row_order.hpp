#pragma once

#include <cstdint>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Rows in lexicographic order, copies by their place. Zero and minus zero are equal.
/// Cost: O(n m): digits of the first column, most significant part only, then comparison among what is equal there;
/// O(n log n) where all is. Rows have to be fewer than 2^32 and finite.
[[nodiscard]] std::vector<std::uint32_t> lexicographic_order(PointsView points);

}  // namespace fairsweep::pareto
