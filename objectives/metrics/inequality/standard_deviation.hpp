#pragma once

#include <span>

namespace fairsweep::fairness {

/// sqrt((1 / n) sum (x - mean)^2), of all there are: the divisor is n. In the unit of the values; 0 where all are
/// equal; NaN of nobody. Adding a number to all changes nothing. O(n).
[[nodiscard]] double standard_deviation(std::span<const double> values);

/// standard_deviation / mean, without a unit; multiplying all by a positive number changes nothing. NaN where the mean
/// is not above 0. O(n).
[[nodiscard]] double coefficient_of_variation(std::span<const double> values);

/// The standard deviation that is left of shares of right answers once the chance in them is taken out:
/// sqrt(max(0, variance - mean of a (1 - a) / (n_u - 1))), n_u being the comparisons of each. The divisor n_u - 1 makes
/// what is taken out right on average; with n_u it would be too little, half of it for people with two comparisons. One
/// comparison says nothing of its own chance: whoever has no more has that of the mean, mean (1 - mean).
/// @param comparisons  [values], whole, > 0. O(n).
[[nodiscard]] double deviation_without_chance(std::span<const double> shares, std::span<const double> comparisons);

}  // namespace fairsweep::fairness
