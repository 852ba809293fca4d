#include "objectives/metrics/support/majority_gap.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::fairness {

double majority_gap(std::span<const double> group_values, std::span<const std::size_t> people) {
  check(group_values.size() == people.size(), "each group needs the number of its people");
  if (people.size() < 2) {
    return std::nan("");
  }
  const auto most = std::ranges::max_element(people);  // the first of equals
  auto fewest = people.begin();
  for (auto each = people.begin(); each != people.end(); ++each) {
    if (*each <= *fewest) {
      fewest = each;  // the last of equals
    }
  }
  const auto value = [&](auto place) { return group_values[static_cast<std::size_t>(place - people.begin())]; };
  return value(most) - value(fewest);
}

}  // namespace fairsweep::fairness
