#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "workers/data/features/tf_idf.hpp"

namespace fairsweep {

/// The largest singular values of a matrix, and the directions of its rows' space that belong to them.
struct TruncatedSvd {
  std::int64_t dimensions = 0;          ///< at most as many as asked for: the rank may be lower
  std::vector<double> singular_values;  ///< [dimensions], falling
  std::vector<double> basis;            ///< [columns, dimensions], row-major, orthonormal columns
};

/// A matrix that is only ever looked at row by row: fills the second argument with the row of that number.
using RowSource = std::function<void(std::int64_t row, SparseRow& into)>;

struct SvdSettings {
  std::int64_t oversampling = 10;
  std::int64_t power_iterations = 4;
  std::uint64_t seed = 0;
};

/// Truncated singular value decomposition by a randomised range finder with power iterations, orthonormalised in
/// between: algorithms 4.4 and 5.1 of Halko, Martinsson and Tropp, SIAM Review 53 (2011). Singular values below 1e-6
/// of the largest count as 0. The sign of each direction is such that its entry of largest size (the first of them) is
/// positive. The same input gives the same bits.
/// Cost: 2 * power_iterations + 2 passes over the rows with `dimensions + oversampling` operations an entry, and QR
/// decompositions of that width. Memory: about 3 * (rows + columns) * (dimensions + oversampling) doubles.
[[nodiscard]] TruncatedSvd truncated_svd(std::int64_t rows, std::int64_t columns, const RowSource& source,
                                         std::int64_t dimensions, const SvdSettings& settings);

}  // namespace fairsweep
