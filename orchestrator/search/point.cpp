#include "orchestrator/search/point.hpp"

#include <cstddef>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

Settings settings_at(const SearchSpace& space, std::span<const double> coordinates) {
  check(coordinates.size() == space.parameters.size(), "a point of the search space has one coordinate a parameter");
  Settings chosen;
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const Parameter& parameter = space.parameters[i];
    if (!parameter.condition || holds(*parameter.condition, chosen)) {
      chosen.emplace(parameter.path, value_at(parameter.distribution, coordinates[i]));
    }
  }
  return chosen;
}

}  // namespace fairsweep
