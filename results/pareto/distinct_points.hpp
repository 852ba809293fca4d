#pragma once

#include <cstdint>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Points without copies, in lexicographic order. In this order a point is dominated only by earlier ones, and an
/// earlier one that is nowhere worse dominates it: with copies gone, ties need no further care anywhere.
struct DistinctPoints {
  std::size_t dimensions = 0;
  std::vector<double> values;             ///< [distinct, dimensions]
  std::vector<double> columns;            ///< [dimensions, distinct], the same numbers
  std::vector<std::size_t> place_of_row;  ///< [rows] place of each given row among the distinct points
  std::vector<std::size_t> first_row;     ///< [distinct] the first given row of each
  [[nodiscard]] std::size_t size() const { return first_row.size(); }
  [[nodiscard]] const double* column(std::size_t column) const { return columns.data() + column * size(); }
  [[nodiscard]] const double* at(std::size_t place) const { return values.data() + place * dimensions; }
};

/// O(n log n). @throws InternalError as check_points does.
[[nodiscard]] DistinctPoints distinct_points(PointsView points);

/// Places of distinct points; always ascending, that is, in lexicographic order.
using Places = std::vector<std::uint32_t>;

/// Below, equal to and above a value in one column; each in the given order.
struct ThreeParts {
  Places below, equal, above;
};
/// Parts `places`. O(n), without branches that depend on coordinates.
[[nodiscard]] ThreeParts parted(const DistinctPoints& points, const Places& places, std::size_t column, double value);

/// The median in a column of `places` and `more` together, or of a sample of them where they are many; always the
/// value of one of them.
[[nodiscard]] double about_median(const DistinctPoints& points, const Places& places, const Places& more,
                                  std::size_t column);

/// Both in lexicographic order again.
[[nodiscard]] Places merged(const Places& a, const Places& b);

/// `a` is nowhere worse than `b` in the first `columns` columns.
[[nodiscard]] inline bool nowhere_worse(const double* a, const double* b, std::size_t columns) {
  for (std::size_t column = 0; column < columns; ++column) {
    if (a[column] > b[column])
      return false;
  }
  return true;
}

}  // namespace fairsweep::pareto
