#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/volume_sweeps.hpp"

namespace fairsweep::pareto {

/// Volume of the union of boxes between the origin and corners with negative coordinates, in four dimensions or more.
///
/// Walking from the worst to the best in the last column, each corner adds what it covers alone against those still
/// to come: its box without the union of its overlaps with them. The overlaps all end at its own last coordinate, so
/// they are a problem of one dimension less, and most of them are dominated at once.
class WalkingVolume {
 public:
  /// @param corners [n, columns], row-major, columns >= 4, no copies; in any order.
  [[nodiscard]] double volume(const std::vector<double>& corners, std::size_t columns);

 private:
  struct Level {
    std::vector<std::size_t> order;
    std::vector<double> overlaps;
    std::size_t overlap_count = 0;
  };
  double level_volume(const double* corners, std::size_t count, std::size_t columns);
  void collect_overlaps(const double* corners, std::size_t walked, Level& level, std::size_t columns);

  std::vector<Level> levels_;
  std::vector<Corner> last_three_;
  VolumeSweep sweep_;
};

}  // namespace fairsweep::pareto
