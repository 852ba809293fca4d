#include "objectives/metrics/inequality/jain.hpp"

#include <cmath>

#include "objectives/metrics/inequality/shares.hpp"

namespace fairsweep::fairness {

double jain(std::span<const double> values) {
  if (!can_be_shared(values)) {
    return std::nan("");
  }
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  return sum * sum / (static_cast<double>(values.size()) * squares);
}

}  // namespace fairsweep::fairness
