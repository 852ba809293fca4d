#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "results/pareto/stairs.hpp"
#include "results/pareto/sweep_four.hpp"

namespace fairsweep::pareto {

/// What a box covers alone, and the part of it that its slabs leave: the difference of the latter and what the other
/// boxes cover in it.
template <typename Real>
struct Exclusive {
  Real volume, box;
};

/// Volume of a union of boxes that lie between their points and a common reference, in any number of columns, and the
/// volume that one box covers alone. Smaller is better; coordinates are compared as given and only ever subtracted
/// from the reference, so that nothing is rounded twice. Real is double, or long double where products of double
/// would leave their range.
///
/// Walking from the best to the worst in the last column, each point adds its depth there times what it covers alone
/// in the other columns: its box without its overlaps with the boxes before it (While, Bradstreet, Barone, IEEE TEC
/// 16, 2012). Three things keep the overlaps few. One that differs from the point in a single column is a slab: it
/// shortens the box and is gone, and so is all that begins behind it. Overlaps covered by another are dropped. Columns
/// in which no overlap differs from the point are a factor, and the problem loses them: ties make it easier. The
/// recursion ends in the sweep of four columns.
template <typename Real>
class BoxUnion {
 public:
  BoxUnion();
  ~BoxUnion();
  BoxUnion(const BoxUnion&) = delete;
  BoxUnion& operator=(const BoxUnion&) = delete;

  /// @param rows       [count, columns], row-major, below the reference in every column; in any order, and
  ///                   without sorting where they ascend in the last column
  /// @param reference  [columns]
  [[nodiscard]] Real volume(const Real* rows, std::size_t count, std::size_t columns, const Real* reference);

  /// Volume of the box of `point` that none of the other rows covers.
  /// @param skipped  the place of the point among the rows; count or more where it is not there
  [[nodiscard]] Exclusive<Real> alone(const Real* point, const Real* rows, std::size_t count, std::size_t columns,
                                      const Real* reference, std::size_t skipped);

 private:
  struct Level;
  /// As volume(), of rows that ascend in the last column.
  Real walk(const Real* rows, std::size_t count, std::size_t columns, const Real* reference);
  template <std::size_t Columns>
  Real walk_wide(const Real* rows, std::size_t count, std::size_t columns, const Real* reference);
  template <std::size_t Width>
  Exclusive<Real> alone_among(const Real* point, const Real* rows, std::size_t stride,
                              std::vector<std::uint32_t>& others, std::size_t width, const Real* reference,
                              Level& level);
  Level& level_of(std::size_t columns);

  std::vector<std::unique_ptr<Level>> levels_;  // by columns; a level must not move while deeper ones are in use
  Stairs<Real> stairs_;
  SweepFour<Real> sweep_;
};

extern template class BoxUnion<double>;
extern template class BoxUnion<long double>;

}  // namespace fairsweep::pareto
