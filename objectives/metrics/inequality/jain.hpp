#pragma once

#include <span>

namespace fairsweep::fairness {

/// Jain's index, (sum x)^2 / (n sum x^2) = 1 / (1 + CV^2). Larger is fairer: from 1/n, one has everything, to 1, all
/// equal; k of n who share equally have k / n. Multiplying all by a positive number changes nothing, nor does having
/// everybody twice. NaN of nobody, of a negative value, or where all are 0. O(n).
/// Source: R. Jain, D. Chiu, W. Hawe, DEC Research Report TR-301 (1984).
[[nodiscard]] double jain(std::span<const double> values);

}  // namespace fairsweep::fairness
