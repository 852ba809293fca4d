#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace fairsweep::gradient_cases {

/// Gauss and Jordan with the greatest pivots, in long double: rows [n][n + 1], the right side last. Nothing where a
/// pivot is below `least`.
inline std::optional<std::vector<double>> solved(std::vector<std::vector<long double>> rows, long double least) {
  const std::size_t size = rows.size();
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < size; ++i) {
      best = std::abs(rows[i][k]) > std::abs(rows[best][k]) ? i : best;
    }
    if (!(std::abs(rows[best][k]) > least)) {
      return std::nullopt;
    }
    std::swap(rows[k], rows[best]);
    for (std::size_t i = 0; i < size; ++i) {
      if (i == k) {
        continue;
      }
      const long double factor = rows[i][k] / rows[k][k];
      for (std::size_t j = k; j <= size; ++j) {
        rows[i][j] -= factor * rows[k][j];
      }
    }
  }
  std::vector<double> result(size);
  for (std::size_t k = 0; k < size; ++k) {
    result[k] = static_cast<double>(rows[k][size] / rows[k][k]);
  }
  return result;
}

/// The numbers whose bit is set.
inline std::vector<std::size_t> members(unsigned bits, std::size_t count) {
  std::vector<std::size_t> result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if ((bits >> i & 1U) != 0) {
      result.push_back(i);
    }
  }
  return result;
}

}  // namespace fairsweep::gradient_cases
