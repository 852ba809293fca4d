#pragma once

#include <cstddef>
#include <vector>

namespace fairsweep {

/// Which row goes with which column, one to one.
struct Matching {
  std::vector<std::ptrdiff_t> column;  ///< [rows] -1 of a row that is left over
  double total = 0;                    ///< sum of the entries that are matched
};

/// The one-to-one matching of rows and columns with the largest sum of entries, by shortest augmenting paths (Kuhn
/// 1955, Munkres 1957). Of matchings that are equal one is taken, always the same.
/// @param value [rows, columns], row-major, finite, at least 0    @param columns at least 1. O(rows^2 columns) or so.
[[nodiscard]] Matching best_matching(const std::vector<double>& value, std::size_t columns);

}  // namespace fairsweep
