#pragma once

#include <vector>

#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// Weights w >= 0 with sum 1 of the shortest vector in the convex hull of the gradients: the minimum of w^T G w over
/// the simplex. At it <g_i, d> >= |d|^2 for d = sum w_i g_i, with equality where w_i > 0. Where gradients depend on
/// each other there can be several such weights, of which this is one; d is the same.
///
/// Exact: each gradient gets one coordinate more, t, and the vector (0, t) is approached by a non-negative combination
/// of the (g_i, t); that combination is proportional to w. With t the least length its sum lies between 1/2 and 1
/// before scaling, and gradients of very different lengths do not drown each other.
/// Cost: one non_negative_minimum() of P variables. At least one gradient.
[[nodiscard]] std::vector<double> shortest_combination(const Gradients& gradients);

}  // namespace fairsweep
