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
  /// The part of the plane above a point that nobody covers yet: steps with ascending first and descending second
  /// coordinate, the first at the point's own first coordinate, the last at its second.
  struct FreeArea {
    std::vector<Real> firsts, seconds;
    std::size_t last = 0;
  };
  /// Covers what lies above (first, second) and answers the area lost.
  static Real cover(FreeArea& free, Real first, Real second);
  /// The volume that a point covers alone in its first three columns among those taken. O(n).
  [[nodiscard]] Real alone(const Real* point, const Real* reference);
  [[nodiscard]] std::size_t place_of(Real third) const;
  void insert(const Real* point);
  void make_room();

  std::vector<Real> first_, second_, third_;  // ascending in the third
  std::size_t count_ = 0;
  FreeArea free_;
};

extern template class SweepFour<double>;
extern template class SweepFour<long double>;

}  // namespace fairsweep::pareto
