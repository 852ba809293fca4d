#include "results/pareto/number_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fairsweep::pareto {

bool products_stay_in_range(std::span<const double> rows, std::span<const double> reference) {
  const std::size_t columns = reference.size();
  // A difference of two sides may be as small as the last bit of the larger one.
  constexpr int k_last_bit = std::numeric_limits<double>::digits + 1;
  constexpr int k_spare = 40;  // sums of many products
  int largest = 0, smallest = 0;
  for (std::size_t column = 0; column < columns; ++column) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i = column; i < rows.size(); i += columns) {
      low = std::min(low, rows[i]);
      high = std::max(high, rows[i]);
    }
    const double widest = reference[column] - low, narrowest = reference[column] - high;
    if (!std::isnormal(widest) || !std::isnormal(narrowest))
      return false;
    largest += std::max(0, std::ilogb(widest) + 1);
    smallest += std::min(0, std::ilogb(narrowest) - k_last_bit);
  }
  return largest + k_spare < std::numeric_limits<double>::max_exponent &&
         smallest - k_spare > std::numeric_limits<double>::min_exponent;
}

}  // namespace fairsweep::pareto
