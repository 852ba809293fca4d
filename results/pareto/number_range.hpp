#pragma once

#include <span>

namespace fairsweep::pareto {

/// Whether every product of sides of boxes between `rows` and `reference`, and of differences between sides, is a
/// normal double in any order of its factors. Otherwise volumes are worked out in long double, whose exponent has more
/// bits: for up to 15 columns it holds any such product of doubles.
/// @param rows  [n, m], strictly below the reference. O(n m).
[[nodiscard]] bool products_stay_in_range(std::span<const double> rows, std::span<const double> reference);

}  // namespace fairsweep::pareto
