#pragma once

#include <span>

namespace fairsweep::fairness {

/// Theil's index, (1 / n) sum (x / mean) ln(x / mean) with 0 ln 0 = 0, in nats: from 0, all equal, to ln n, one has
/// everything. Multiplying all by a positive number changes nothing, nor does having everybody twice. NaN of nobody, of
/// a negative value, or where all are 0. O(n). Source: H. Theil, Economics and Information Theory (1967).
[[nodiscard]] double theil(std::span<const double> values);

}  // namespace fairsweep::fairness
