#pragma once

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// What every function of this folder asks first: whole rows, and no NaN or infinity, because neither can be ranked.
/// O(n m). @throws InternalError naming the row; callers check what users give them before.
void check_points(PointsView points);

/// What indicators that compare two sets ask first: both are such points, the second has some, and dimensions agree
/// where both have some. O(n m). @throws InternalError otherwise.
void check_comparable(PointsView points, PointsView reference);

}  // namespace fairsweep::pareto
