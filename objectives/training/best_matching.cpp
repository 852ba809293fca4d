#include "objectives/training/best_matching.hpp"

#include <algorithm>
#include <limits>

namespace fairsweep {
namespace {

/// Columns by rows instead where there are more rows, because every row must find a column.
std::vector<double> transposed(const std::vector<double>& value, std::size_t rows, std::size_t columns) {
  std::vector<double> turned(value.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j)
      turned[j * rows + i] = value[i * columns + j];
  }
  return turned;
}

/// Row of each column, at most as many rows as columns. Prices keep every reduced cost at least 0; a row that comes in
/// goes along the cheapest path of changes to a free column.
std::vector<std::ptrdiff_t> rows_of_columns(const std::vector<double>& value, std::size_t rows, std::size_t columns) {
  constexpr double k_far = std::numeric_limits<double>::infinity();
  std::vector<double> row_price(rows, 0.0), column_price(columns, 0.0);
  std::vector<std::ptrdiff_t> row_of(columns, -1);
  for (std::size_t entering = 0; entering < rows; ++entering) {
    std::vector<double> distance(columns, k_far);
    std::vector<std::ptrdiff_t> before(columns, -1);  // column from which the path comes; -1: from the entering row
    std::vector<bool> done(columns, false);
    std::ptrdiff_t at_column = -1;
    std::size_t row = entering;
    double reached = 0;
    while (true) {
      std::size_t nearest = columns;
      for (std::size_t j = 0; j < columns; ++j) {
        if (done[j])
          continue;
        const double through = reached - value[row * columns + j] - row_price[row] - column_price[j];
        if (through < distance[j]) {
          distance[j] = through;
          before[j] = at_column;
        }
        if (nearest == columns || distance[j] < distance[nearest])
          nearest = j;
      }
      reached = distance[nearest];
      done[nearest] = true;
      at_column = static_cast<std::ptrdiff_t>(nearest);
      if (row_of[nearest] < 0)
        break;
      row = static_cast<std::size_t>(row_of[nearest]);
    }
    row_price[entering] += reached;
    for (std::size_t j = 0; j < columns; ++j) {
      if (!done[j])
        continue;
      column_price[j] -= reached - distance[j];
      if (row_of[j] >= 0)
        row_price[static_cast<std::size_t>(row_of[j])] += reached - distance[j];
    }
    while (at_column >= 0) {
      const std::ptrdiff_t previous = before[static_cast<std::size_t>(at_column)];
      row_of[static_cast<std::size_t>(at_column)] =
          previous < 0 ? static_cast<std::ptrdiff_t>(entering) : row_of[static_cast<std::size_t>(previous)];
      at_column = previous;
    }
  }
  return row_of;
}

}  // namespace

Matching best_matching(const std::vector<double>& value, std::size_t columns) {
  const std::size_t rows = value.size() / columns;
  const bool wide = rows <= columns;
  const std::vector<std::ptrdiff_t> found =
      wide ? rows_of_columns(value, rows, columns) : rows_of_columns(transposed(value, rows, columns), columns, rows);
  Matching matching;
  matching.column.assign(rows, -1);
  for (std::size_t place = 0; place < found.size(); ++place) {
    if (found[place] < 0)
      continue;
    const auto row = wide ? static_cast<std::size_t>(found[place]) : place;
    const auto column = wide ? place : static_cast<std::size_t>(found[place]);
    matching.column[row] = static_cast<std::ptrdiff_t>(column);
    matching.total += value[row * columns + column];
  }
  return matching;
}

}  // namespace fairsweep
