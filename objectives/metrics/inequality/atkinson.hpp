#pragma once

#include <span>

namespace fairsweep::fairness {

/// Atkinson's index, 1 - (mean of x^(1 - epsilon))^(1 / (1 - epsilon)) / mean; for epsilon = 1, 1 - geometric mean /
/// mean. The share of the whole one would give up to have the rest spread equally. From 0, all equal, to 1 -
/// n^(-epsilon / (1 - epsilon)) for epsilon below 1 where one has everything, else to 1, which a single 0 makes.
/// Multiplying all by a positive number changes nothing, nor does having everybody twice. NaN of nobody, of a negative
/// value, or where all are 0. @param epsilon  aversion to inequality, >= 0; 0 does not mind any and gives 0. O(n).
/// Source: A. Atkinson, J. Economic Theory 2 (1970).
[[nodiscard]] double atkinson(std::span<const double> values, double epsilon);

}  // namespace fairsweep::fairness
