#include "objectives/gradient_weights/dual_cone.hpp"

#include "objectives/gradient_weights/non_negative_quadratic.hpp"

namespace fairsweep {

std::vector<double> way_into_dual_cone(const SquareMatrix& cosines, std::span<const double> start) {
  auto conflict = product(cosines, start);
  for (double& value : conflict) {
    value = -value;
  }
  return non_negative_minimum(cosines, conflict).at;
}

}  // namespace fairsweep
