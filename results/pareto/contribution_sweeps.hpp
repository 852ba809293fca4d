#pragma once

#include <cstddef>

namespace fairsweep::pareto {

/// What each row covers alone in the plane. Dominated rows may be there.
/// @param rows     [count, 2], row-major, below the reference, in lexicographic order, without copies
/// @param volumes  [count], receives the areas. O(n).
template <typename Real>
void areas_alone_of_ordered(const Real* rows, std::size_t count, const Real* reference, Real* volumes);

/// What each row covers alone in three columns. Dominated rows and copies may be there and get 0.
///
/// A plane is swept from the best to the worst in the last column, with the edge of what the rows so far cover in it
/// and the edge of what they cover twice. What lies between the two is each covered by one row alone, the one whose
/// step is below. A new row covers what was free, for itself, and what somebody covered alone a second time; that
/// somebody held the latter from his own place in the last column to here. So every volume is a sum of positive terms,
/// and as each row enters each edge once and makes two corners, all is O(n log n). The bound is that of Emmerich,
/// Fonseca (EMO 2011).
/// @param rows     [count, 3], row-major, below the reference, ascending in the last column
/// @param volumes  [count], receives the volumes
template <typename Real>
void volumes_alone_of_ascending(const Real* rows, std::size_t count, const Real* reference, Real* volumes);

}  // namespace fairsweep::pareto
