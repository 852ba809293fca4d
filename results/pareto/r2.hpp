#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// R2 indicator with weighted Chebyshev utilities: the mean over weights w of min over points of
/// max over columns of w (point - ideal). Smaller is better in every column and in the answer; weakly Pareto-compliant;
/// depends on the columns' scales and on the ideal point, which has to be published with it.
///
/// Two columns: exactly, w uniform on [0, 1]; the whole line x + y = 1 above ideal (0, 0) -> 1/6. One column: the least
/// distance. More: the mean over r2_weights(), a stated finite set, as in the definition of Hansen and Jaszkiewicz
/// (1998); values for different numbers of columns are not comparable.
/// @param points  n x m, finite; none at all is infinitely bad: infinity
/// @param ideal   m finite values, nowhere above a point
/// O(n log n) for two columns, O(n m |weights|) for more.
/// @throws InternalError for NaN, infinities, different dimensions, and a point below the ideal in some column.
/// Example: {{1,1}}, ideal {0,0} -> 3/4.
[[nodiscard]] double r2(PointsView points, std::span<const double> ideal);

/// All weights of h parts dealt to the columns, divided by h, [k, dimensions]; h is the largest for which there are at
/// most 10,000 of them (139 parts for 3 columns, 6 for 10), and at least 1.
[[nodiscard]] std::vector<double> r2_weights(std::size_t dimensions);

}  // namespace fairsweep::pareto
