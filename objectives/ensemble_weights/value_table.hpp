#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fairsweep {

/// What each of n models is worth to each of m kinds of people: a table [m, n], row by row.
class ValueTable {
 public:
  /// @throws InternalError where the values are not as many as the columns times some rows, or there are none.
  ValueTable(std::size_t columns, std::vector<double> values);

  [[nodiscard]] std::size_t rows() const { return values_.size() / columns_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return values_[row * columns_ + column]; }
  [[nodiscard]] std::span<const double> row(std::size_t row) const {
    return std::span(values_).subspan(row * columns_, columns_);
  }
  [[nodiscard]] bool finite() const;
  /// What a mixture with these weights [n] is worth to a kind of people, where worth is linear: sum_j w_j at(row, j).
  [[nodiscard]] double mixed(std::size_t row, std::span<const double> weights) const;
  /// The largest value of a row.
  [[nodiscard]] double best(std::size_t row) const;

 private:
  std::size_t columns_;
  std::vector<double> values_;
};

/// Weights of models, and what the linear programme that gave them promises.
struct EnsembleWeights {
  std::vector<double> weights;  ///< [n], >= 0 with sum 1; all NaN where a value of the table is not finite
  double value = 0;             ///< as the function says; NaN with the weights
};

}  // namespace fairsweep
