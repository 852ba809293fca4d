#include "results/pareto/dominance.hpp"

#include <array>
#include <cmath>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"

namespace fairsweep::pareto {

bool dominates(std::span<const double> a, std::span<const double> b) {
  check(a.size() == b.size(), "points of " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                                  " coordinates cannot be compared");
  bool better = false;
  for (std::size_t column = 0; column < a.size(); ++column) {
    if (a[column] > b[column])
      return false;
    better = better || a[column] < b[column];
  }
  return better;
}

namespace {

/// Four sums at once: x - x is zero, or NaN for what is not finite, and a NaN stays.
bool all_finite(std::span<const double> values) {
  std::array<double, 4> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= values.size(); i += sums.size()) {
    for (std::size_t k = 0; k < sums.size(); ++k)
      sums[k] += values[i + k] - values[i + k];
  }
  for (; i < values.size(); ++i)
    sums[0] += values[i] - values[i];
  return sums[0] == 0 && sums[1] == 0 && sums[2] == 0 && sums[3] == 0;
}

}  // namespace

void check_points(PointsView points) {
  if (points.values.empty())
    return;
  check(points.dimensions > 0, "points need at least one dimension");
  if (points.values.size() % points.dimensions != 0) {
    check(false, std::to_string(points.values.size()) + " numbers are no whole points of " +
                     std::to_string(points.dimensions) + " dimensions");
  }
  if (all_finite(points.values))
    return;
  for (std::size_t i = 0; i < points.values.size(); ++i) {
    if (!std::isfinite(points.values[i])) {
      check(false, "point " + std::to_string(i / points.dimensions) + " is not finite in column " +
                       std::to_string(i % points.dimensions));
    }
  }
}

void check_comparable(PointsView points, PointsView reference) {
  check_points(points);
  check_points(reference);
  check(!reference.values.empty(), "there is nothing to compare with");
  if (!points.values.empty() && points.dimensions != reference.dimensions) {
    check(false, "points of " + std::to_string(points.dimensions) + " and " + std::to_string(reference.dimensions) +
                     " dimensions cannot be compared");
  }
}

}  // namespace fairsweep::pareto
