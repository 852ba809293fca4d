#pragma once

#include <cstddef>
#include <vector>

namespace fairsweep::pareto {

/// What a box covers alone in three dimensions, and from that the volume of a union of boxes in four. Reusable, to
/// spare the innermost loop of the hypervolume its allocations. Real is double or long double.
///
/// The boxes lie between their points and a common reference; smaller is better. Walking from the best to the worst in
/// the last column, each point adds its depth in that column times what it covers alone in the first three against
/// those before it: sums of positive terms only. Those before it are kept in the order of the third column, so that
/// what is free above the new point is a staircase that shrinks on the way down; far points are passed by with one
/// comparison. O(n^2), the idea of HV4D+ (Guerreiro, Fonseca, J. Heuristics 24, 2018).
template <typename Real>
class SweepFour {
 public:
  /// @param rows       [count, 4], row-major, ascending in the last column; covered rows and copies may be there
  /// @param reference  4 values, above every row in every column
  [[nodiscard]] Real volume(const Real* rows, std::size_t count, const Real* reference);

 private:
  struct Ordered {
    Real third;
    const Real* point;
  };
  /// Takes the points of the first level, which agree in the last column, and answers the volume of their union in
  /// three columns: one sweep instead of a walk each. O(n log n) and the length of the edge each.
  Real start(const Real* rows, std::size_t count, const Real* reference);
  /// The volume that a point covers alone in its first three columns among those taken, of which `behind` do not exceed
  /// it in the third. O(n).
  [[nodiscard]] Real alone(const Real* point, const Real* reference, std::size_t behind);
  void insert(const Real* point, std::size_t place);
  /// The first of those taken, from `from` on, that is nowhere better than (first, second); all of them if none.
  [[nodiscard]] std::size_t next_covered(std::size_t from, Real first, Real second) const;
  /// Frees the plane between (first, second) and (side, top).
  void free_all(Real first, Real second, Real side, Real top);
  /// Covers what lies above (first, second) and answers the area lost.
  Real cover(Real first, Real second);
  void make_room(std::size_t count);

  std::vector<Real> first_, second_, third_;  // ascending in the third
  std::size_t count_ = 0;
  // The part of the plane above a point that nobody covers yet: steps with ascending first and descending second
  // coordinate, the first at the point's own first coordinate, the last at its second.
  std::vector<Real> firsts_, seconds_;
  std::size_t last_ = 0;
  std::vector<Ordered> order_;
};

extern template class SweepFour<double>;
extern template class SweepFour<long double>;

}  // namespace fairsweep::pareto
