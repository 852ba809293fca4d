#include "results/pareto/igd_plus.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/pareto/check_points.hpp"

namespace fairsweep::pareto {

double igd_plus(PointsView approximation, PointsView reference) {
  check_comparable(approximation, reference);
  if (approximation.values.empty())
    return std::numeric_limits<double>::infinity();
  const std::size_t m = reference.dimensions;
  long double sum = 0;
  for (std::size_t r = 0; r < reference.size(); ++r) {
    const double* target = reference.values.data() + r * m;
    long double nearest = std::numeric_limits<long double>::infinity();
    for (std::size_t a = 0; a < approximation.size() && nearest > 0; ++a) {
      const double* point = approximation.values.data() + a * m;
      long double square = 0;
      for (std::size_t column = 0; column < m && square < nearest; ++column) {
        const long double excess = static_cast<long double>(point[column]) - target[column];
        square += excess > 0 ? excess * excess : 0;
      }
      nearest = std::min(nearest, square);
    }
    sum += std::sqrt(nearest);
  }
  return static_cast<double>(sum / static_cast<long double>(reference.size()));
}

}  // namespace fairsweep::pareto
