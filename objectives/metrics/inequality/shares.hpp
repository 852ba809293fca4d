#pragma once

#include <algorithm>
#include <span>

namespace fairsweep::fairness {

/// Are these amounts of something that can be shared: none below 0, not all 0, of somebody?
[[nodiscard]] inline bool can_be_shared(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return value >= 0; }) &&
         std::ranges::any_of(values, [](double value) { return value > 0; });
}

}  // namespace fairsweep::fairness
