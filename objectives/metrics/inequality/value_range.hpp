#pragma once

#include <span>

namespace fairsweep::fairness {

/// Largest minus smallest, in the unit of the values; NaN of nobody. Two people decide it, so that it grows with the
/// number of people and with the chance in each value. O(n).
[[nodiscard]] double value_range(std::span<const double> values);

/// Normalised maximal group difference, (largest - smallest) / overall: how far the groups are apart, as a share of
/// what everybody has on average. NaN where `overall` is not above 0. The name is that of arXiv 2503.07806's metric as
/// the literature reports it; what that paper divides by was not checked, here it is the mean over people. O(n).
[[nodiscard]] double relative_gap(std::span<const double> group_values, double overall);

}  // namespace fairsweep::fairness
