#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "objectives/ensemble_weights/value_table.hpp"

namespace fairsweep::testing {

inline ValueTable random_table(std::size_t rows, std::size_t columns, std::uint32_t seed, double scale = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-scale, scale);
  std::vector<double> values(rows * columns);
  for (double& value : values)
    value = uniform(random);
  return {columns, values};
}

/// Calls `see` with every point of a lattice of the simplex, entries multiples of 1 / parts.
inline void each_lattice_point(std::size_t columns, int parts,
                               const std::function<void(const std::vector<double>&)>& see) {
  std::vector<int> count(columns, 0);
  std::function<void(std::size_t, int)> fill = [&](std::size_t column, int left) {
    if (column + 1 == columns) {
      count[column] = left;
      std::vector<double> point;
      for (const int part : count)
        point.push_back(static_cast<double>(part) / parts);
      see(point);
      return;
    }
    for (count[column] = 0; count[column] <= left; ++count[column])
      fill(column + 1, left - count[column]);
  };
  fill(0, parts);
}

/// The greatest row of a mixture, 0 at least.
inline double largest_of(const ValueTable& cost, const std::vector<double>& weights) {
  double largest = 0;
  for (std::size_t row = 0; row < cost.rows(); ++row)
    largest = std::max(largest, cost.mixed(row, weights));
  return largest;
}

/// The slow twin: both players of the matrix game with a zero row play optimistic multiplicative weights; the time
/// average of the columns' player.
inline std::vector<double> multiplicative_weights(const ValueTable& cost, int rounds) {
  const std::size_t n = cost.columns();
  const std::size_t m = cost.rows() + 1;  // the first row is zero
  const double step = 5 / std::sqrt(static_cast<double>(rounds));
  const auto entry = [&](std::size_t i, std::size_t j) { return i == 0 ? 0.0 : cost.at(i - 1, j); };
  std::vector<double> x(m, 1.0 / static_cast<double>(m)), y(n, 1.0 / static_cast<double>(n)), average(n, 0.0);
  std::vector<double> row_before(m, 0.0), column_before(n, 0.0);
  const auto move = [](std::vector<double>& player, const std::vector<double>& by) {
    double sum = 0;
    for (std::size_t i = 0; i < player.size(); ++i)
      sum += player[i] *= std::exp(by[i]);
    for (double& part : player)
      part /= sum;
  };
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> rows(m, 0.0), columns(n, 0.0), gain(m), loss(n);
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        rows[i] += entry(i, j) * y[j];
        columns[j] += entry(i, j) * x[i];
      }
    }
    for (std::size_t i = 0; i < m; ++i)
      gain[i] = step * (2 * rows[i] - row_before[i]);
    for (std::size_t j = 0; j < n; ++j)
      loss[j] = -step * (2 * columns[j] - column_before[j]);
    move(x, gain);
    move(y, loss);
    row_before = rows;
    column_before = columns;
    for (std::size_t j = 0; j < n; ++j)
      average[j] += y[j] / rounds;
  }
  return average;
}

}  // namespace fairsweep::testing
