#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fairsweep {

/// What standardising does to each column: (value - mean) / scale, in double.
struct ColumnScale {
  std::vector<double> mean;
  std::vector<double> scale;  ///< population deviation; 1 for a column that is constant
};

/// The mean and deviation of every column over the rows of `among`, summed in double in their order; see standardise.
[[nodiscard]] ColumnScale column_scale(std::span<const float> values, std::int64_t columns,
                                       std::span<const std::int64_t> among);

/// `values` [rows, columns], row-major, shifted and scaled so that over the rows of `among` every column has mean 0
/// and (population) deviation 1. A column that is constant over `among` is only shifted. Rows outside `among` get the
/// same shift and scale and have no part in them.
/// Sums run in double in the order of `among`. O(rows x columns).
/// @throws InternalError where `among` is empty though there are values, or names a row that is not there.
[[nodiscard]] std::vector<float> standardise(std::span<const float> values, std::int64_t columns,
                                             std::span<const std::int64_t> among);

}  // namespace fairsweep
