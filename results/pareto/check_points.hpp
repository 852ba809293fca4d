#pragma once

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// What every function of this folder asks first: whole rows, and no NaN or infinity, because neither can be ranked.
/// O(n m). @throws InternalError naming the row; callers check what users give them before.
void check_points(PointsView points);

}  // namespace fairsweep::pareto
