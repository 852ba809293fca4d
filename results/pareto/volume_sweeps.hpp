#pragma once

#include <cstddef>

#include "results/pareto/stairs.hpp"

namespace fairsweep::pareto {

/// Area of the union of the boxes between points and a reference above them. Covered points and copies may be there.
/// @param rows  [count, 2], row-major, ascending in the last column. O(n).
template <typename Real>
[[nodiscard]] Real area_of_ascending(const Real* rows, std::size_t count, const Real* reference);

/// Volume of the union of boxes in three dimensions. Source: sweep of Beume, Fonseca et al. (IEEE TEC 13, 2009), summed
/// by points instead of by slabs so that all terms are positive.
/// @param rows    [count, 3], row-major, ascending in the last column. O(n log n).
/// @param stairs  room to work in, to spare the innermost loop of the hypervolume its allocations
template <typename Real>
[[nodiscard]] Real volume_of_ascending(const Real* rows, std::size_t count, const Real* reference,
                                       Stairs<Real>& stairs);

}  // namespace fairsweep::pareto
