#pragma once

#include <span>
#include <vector>

#include "objectives/gradient_weights/square_matrix.hpp"

namespace fairsweep {

struct NonNegativeMinimum {
  std::vector<double> at;  ///< [n], >= 0
  bool bounded = true;     ///< false where the value falls for ever along a ray; `at` then means nothing
};

/// The minimum of z^T M z / 2 - b^T z over z >= 0, by an active set: exact up to the rounding of M and b.
///
/// An entry becomes free where the value falls most steeply, as in Lawson and Hanson's NNLS (1974, chapter 23), on the
/// normal equations. Where its column depends on the free ones, it changes places with the one that stops it on the way
/// down along the null direction, so M may be singular. Of several minima it finds one with independent free columns;
/// M z is that of all of them. At the minimum M z >= b, with equality where z > 0.
/// @param matrix  [n, n] symmetric, positive semi-definite up to rounding, 1 on the diagonal
/// @param linear  [n], of the order of 1
/// Cost: O(n^2) for an entry that becomes free, O(n^3) for one that stops being so; 20 n + 50 of either at most, far
/// less in practice. Stopped there, z is still >= 0 and no worse than 0.
[[nodiscard]] NonNegativeMinimum non_negative_minimum(const SquareMatrix& matrix, std::span<const double> linear);

}  // namespace fairsweep
