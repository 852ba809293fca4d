#pragma once

#include <cstddef>

namespace fairsweep::pareto {

/// How many of ascending values do not exceed `value`. O(log n), without branches that depend on the values, which a
/// processor cannot foresee; the last few are counted, as counting waits for no earlier comparison.
template <typename Real>
[[nodiscard]] inline std::size_t count_not_above(const Real* values, std::size_t count, Real value) {
  constexpr std::size_t k_counted = 8;
  const Real* from = values;
  while (count > k_counted) {
    const std::size_t half = count / 2;
    from += half & (std::size_t{0} - static_cast<std::size_t>(from[half - 1] <= value));
    count -= half;
  }
  auto not_above = static_cast<std::size_t>(from - values);
  for (std::size_t i = 0; i < count; ++i)
    not_above += from[i] <= value ? 1 : 0;
  return not_above;
}

}  // namespace fairsweep::pareto
