#pragma once

#include <cstddef>
#include <span>

namespace fairsweep::pareto {

/// Points of n x m finite doubles, row-major, smaller is better in every column. Never copied by the functions here.
struct PointsView {
  std::span<const double> values;
  std::size_t dimensions = 0;
  [[nodiscard]] std::size_t size() const { return dimensions == 0 ? 0 : values.size() / dimensions; }
  [[nodiscard]] std::span<const double> operator[](std::size_t row) const {
    return values.subspan(row * dimensions, dimensions);
  }
};

/// a is nowhere worse than b and somewhere better. Equal points do not dominate each other. O(m).
[[nodiscard]] bool dominates(std::span<const double> a, std::span<const double> b);

}  // namespace fairsweep::pareto
