#pragma once

#include <span>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Exact probability that each point is non-dominated where every coordinate is normal about its value, all
/// independent:
///
///     P(i) = E_y prod_{j != i} [1 - prod_a Phi((y_a - mean_ja) / error_ja)],   y_a ~ normal(mean_ia, error_ia)
///
/// by the trapezoidal rule, which converges faster than any power of the step for such integrands: about 1e-10 here.
/// Means that were measured and then compared are not to be put in as they are, see membership().
/// @param means   n x m with m of 1 to 3, smaller is better
/// @param errors  [n x m] standard deviations, above 0
/// Cost: O(n^2 k^m), k = 36 x the largest ratio of two errors of an axis.
/// @throws InternalError on other sizes, and on an axis whose errors differ by more than a factor of 50.
[[nodiscard]] std::vector<double> gaussian_membership(PointsView means, std::span<const double> errors);

}  // namespace fairsweep::pareto
