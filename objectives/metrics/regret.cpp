#include "objectives/metrics/regret.hpp"

#include <cstddef>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::fairness {

std::vector<double> group_regrets(std::span<const double> group_values, std::span<const double> best,
                                  Direction direction) {
  check(group_values.size() == best.size(), "each group has one value and one best");
  std::vector<double> regrets;
  regrets.reserve(best.size());
  for (std::size_t group = 0; group < best.size(); ++group) {
    regrets.push_back(direction == Direction::maximise ? best[group] - group_values[group]
                                                       : group_values[group] - best[group]);
  }
  return regrets;
}

}  // namespace fairsweep::fairness
