#pragma once

#include <span>
#include <vector>

#include "objectives/gradient_weights/square_matrix.hpp"

namespace fairsweep {

/// What to add to `start` to bring a combination of unit gradients into their dual cone by the shortest way: y >= 0
/// with C (start + y) >= 0 and y^T C (start + y) = 0, so that start + y minimises v^T C v over v >= start.
/// @param cosines  [P, P]    @param start  [P] coefficients of unit gradients, of the order of 1
/// Cost: one non_negative_minimum() of P variables.
[[nodiscard]] std::vector<double> way_into_dual_cone(const SquareMatrix& cosines, std::span<const double> start);

}  // namespace fairsweep
