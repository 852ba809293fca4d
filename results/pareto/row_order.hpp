#pragma once

#include <cstdint>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Rows in lexicographic order, copies by their place. Zero and minus zero are equal.
/// Cost: O(n m): digits of the first column, most significant part only, then comparison among what is equal there;
/// O(n log n) where all is. Rows have to be fewer than 2^32 and finite.
[[nodiscard]] std::vector<std::uint32_t> lexicographic_order(PointsView points);

/// Rows ascending in one column, equal ones by their place. Zero and minus zero are equal. Cost and limits as above.
[[nodiscard]] std::vector<std::uint32_t> ascending_order(PointsView points, std::size_t column);

}  // namespace fairsweep::pareto
