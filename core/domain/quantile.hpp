#pragma once

#include <vector>

namespace fairsweep {

/// The q-quantile of the numbers that are not NaN, linear between neighbours (q * (n - 1) is its place); NaN where
/// there is none. @param q in [0, 1]. O(n log n).
[[nodiscard]] double quantile_of_known(std::vector<double> values, double q);

}  // namespace fairsweep
