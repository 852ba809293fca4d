#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// The least and the largest value of each column. O(n m).
struct ColumnRanges {
  std::vector<double> low, high;
  [[nodiscard]] bool constant(std::size_t column) const { return low[column] == high[column]; }
  /// From 0 at the least to 1 at the largest; halves are subtracted, because the difference may be too large.
  /// The column must not be constant.
  [[nodiscard]] double share(std::size_t column, double value) const {
    return (0.5 * value - 0.5 * low[column]) / (0.5 * high[column] - 0.5 * low[column]);
  }
};
/// At least one point.
[[nodiscard]] ColumnRanges column_ranges(PointsView points);

}  // namespace fairsweep::pareto
