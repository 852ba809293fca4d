#include "results/pareto/volume_sweeps.hpp"

namespace fairsweep::pareto {

template <typename Real>
Real area_of_ascending(const Real* rows, std::size_t count, const Real* reference) {
  Real area = 0;
  Real lowest = reference[0];
  for (std::size_t row = 0; row < count; ++row) {
    const Real first = rows[2 * row];
    if (first >= lowest)
      continue;
    area += (lowest - first) * (reference[1] - rows[2 * row + 1]);
    lowest = first;
  }
  return area;
}

template <typename Real>
Real volume_of_ascending(const Real* rows, std::size_t count, const Real* reference, Stairs<Real>& stairs) {
  stairs.clear();
  Real volume = 0;
  for (std::size_t row = 0; row < count; ++row) {
    const Real* point = rows + row * 3;
    const Real second = point[1];
    Real area = 0;
    stairs.add(point[0], second, reference[0], reference[1],
               [&](const auto& strip) { area += (strip.to - strip.from) * (strip.level - second); });
    volume += area * (reference[2] - point[2]);
  }
  return volume;
}

template double area_of_ascending(const double*, std::size_t, const double*);
template double volume_of_ascending(const double*, std::size_t, const double*, Stairs<double>&);
template long double area_of_ascending(const long double*, std::size_t, const long double*);
template long double volume_of_ascending(const long double*, std::size_t, const long double*, Stairs<long double>&);

}  // namespace fairsweep::pareto
