#pragma once

#include <string>

namespace fairsweep {

enum class Direction { minimise, maximise };

/// One axis of the front: a metric over one group. Values are stored raw; the direction is applied at the edge, here.
struct Objective {
  std::string metric;
  std::string group;  ///< empty: all users
  Direction direction = Direction::maximise;
  std::string unit;

  /// "accuracy of pass", for tables and axes.
  [[nodiscard]] std::string label() const { return group.empty() ? metric : metric + " of " + group; }
  /// Smaller is better, for results/pareto.
  [[nodiscard]] double to_minimisation(double raw) const { return direction == Direction::minimise ? raw : -raw; }
  bool operator==(const Objective&) const = default;
};

}  // namespace fairsweep
