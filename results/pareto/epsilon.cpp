#include "results/pareto/epsilon.hpp"

#include <algorithm>
#include <limits>

#include "results/pareto/check_points.hpp"

namespace fairsweep::pareto {

double additive_epsilon(PointsView approximation, PointsView reference) {
  check_comparable(approximation, reference);
  constexpr double k_infinity = std::numeric_limits<double>::infinity();
  if (approximation.values.empty())
    return k_infinity;
  const std::size_t m = reference.dimensions;
  double worst = -k_infinity;
  for (std::size_t r = 0; r < reference.size(); ++r) {
    const double* target = reference.values.data() + r * m;
    double nearest = k_infinity;
    for (std::size_t a = 0; a < approximation.size() && nearest > worst; ++a) {
      const double* point = approximation.values.data() + a * m;
      double distance = -k_infinity;
      for (std::size_t column = 0; column < m; ++column)
        distance = std::max(distance, point[column] - target[column]);
      nearest = std::min(nearest, distance);
    }
    worst = std::max(worst, nearest);
  }
  return worst;
}

}  // namespace fairsweep::pareto
