#pragma once

#include <span>

namespace fairsweep::fairness {

/// Gini coefficient, sum_u sum_v |x_u - x_v| / (2 n^2 mean): half the mean difference of two people, as a share of the
/// mean. From 0, all equal, to 1 - 1/n, one has everything. Multiplying all by a positive number changes nothing, nor
/// does having everybody twice. NaN of nobody, of a negative value, or where all are 0. O(n log n).
/// Source: C. Gini, Variabilita e mutabilita (1912).
[[nodiscard]] double gini(std::span<const double> values);

}  // namespace fairsweep::fairness
