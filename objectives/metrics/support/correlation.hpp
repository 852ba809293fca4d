#pragma once

#include <span>
#include <vector>

namespace fairsweep::fairness {

/// Ranks from 1; equal values share their mean rank. O(n log n).
[[nodiscard]] std::vector<double> mid_ranks(std::span<const double> values);

/// Least squares of y over x, Cov(x, y) / Var(x), in units of y a unit of x; NaN where all x are equal. O(n).
/// @throws InternalError where the two differ in number; so do the others.
[[nodiscard]] double least_squares_slope(std::span<const double> x, std::span<const double> y);

/// Pearson's correlation, in [-1, 1]; NaN where all x or all y are equal. O(n).
[[nodiscard]] double pearson_correlation(std::span<const double> x, std::span<const double> y);

/// Spearman's: Pearson's of the ranks, ties at their mean rank. Any rising function of x or of y leaves it as it is.
/// O(n log n).
[[nodiscard]] double spearman_correlation(std::span<const double> x, std::span<const double> y);

}  // namespace fairsweep::fairness
