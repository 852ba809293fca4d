#include "results/pareto/column_ranges.hpp"

#include <algorithm>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::pareto {

ColumnRanges column_ranges(PointsView points) {
  check(points.size() > 0, "no points have no ranges");
  ColumnRanges ranges{{points[0].begin(), points[0].end()}, {points[0].begin(), points[0].end()}};
  for (std::size_t row = 1; row < points.size(); ++row) {
    for (std::size_t column = 0; column < points.dimensions; ++column) {
      ranges.low[column] = std::min(ranges.low[column], points[row][column]);
      ranges.high[column] = std::max(ranges.high[column], points[row][column]);
    }
  }
  return ranges;
}

}  // namespace fairsweep::pareto
