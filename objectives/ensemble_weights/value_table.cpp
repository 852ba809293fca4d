#include "objectives/ensemble_weights/value_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

ValueTable::ValueTable(std::size_t columns, std::vector<double> values)
    : columns_(columns), values_(std::move(values)) {
  check(columns_ > 0 && !values_.empty() && values_.size() % columns_ == 0, "a value for each row and column");
}

bool ValueTable::finite() const {
  return std::all_of(values_.begin(), values_.end(), [](double value) { return std::isfinite(value); });
}

double ValueTable::mixed(std::size_t row, std::span<const double> weights) const {
  check(weights.size() == columns_, "a weight for each model");
  double sum = 0;
  for (std::size_t column = 0; column < columns_; ++column)
    sum += weights[column] * at(row, column);
  return sum;
}

double ValueTable::best(std::size_t row) const {
  const std::span<const double> values = this->row(row);
  return *std::max_element(values.begin(), values.end());
}

}  // namespace fairsweep
