#pragma once

#include <array>
#include <utility>
#include <vector>

namespace fairsweep::pareto {

/// A point with negative coordinates: it covers the box between itself and the origin.
using Corner = std::array<double, 3>;

/// Volume of the union of the boxes of corners in three dimensions. Reusable, to spare the innermost loop of the
/// hypervolume its allocations. Source: sweep of Beume, Fonseca et al. (IEEE TEC 13, 2009).
class VolumeSweep {
 public:
  /// Sorts `corners`. Dominated corners and copies are allowed. O(n log n); O(n) moves an insertion below 4,096.
  [[nodiscard]] double volume(std::vector<Corner>& corners);

 private:
  std::vector<std::pair<double, double>> flat_;
};

/// Area of the union of boxes in two dimensions; sorts `corners`. O(n log n).
[[nodiscard]] double area_of(std::vector<std::pair<double, double>>& corners);

}  // namespace fairsweep::pareto
