#include "results/pareto/replicate_values.hpp"

#include <cmath>
#include <string>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::pareto {

void check_replicates(const ReplicateValues& values) {
  check(values.dimensions > 0 && values.values.size() == values.configurations * values.replicates * values.dimensions,
        "values over replicates have the sizes they say");
  for (std::size_t i = 0; i < values.configurations; ++i) {
    bool any = false;
    for (std::size_t r = 0; r < values.replicates; ++r) {
      const bool there = is_there(values.at(i, r));
      any = any || there;
      for (const double value : values.at(i, r)) {
        check(there ? std::isfinite(value) : std::isnan(value),
              "replicate " + std::to_string(r) + " of row " + std::to_string(i) + " is finite or absent as a whole");
      }
    }
    check(any, "row " + std::to_string(i) + " has a replicate");
  }
}

std::vector<double> means_of(const ReplicateValues& values) {
  std::vector<double> means(values.configurations * values.dimensions, 0.0);
  for (std::size_t i = 0; i < values.configurations; ++i) {
    double count = 0;
    for (std::size_t r = 0; r < values.replicates; ++r) {
      if (!is_there(values.at(i, r)))
        continue;
      ++count;
      for (std::size_t axis = 0; axis < values.dimensions; ++axis)
        means[i * values.dimensions + axis] += values.at(i, r)[axis];
    }
    for (std::size_t axis = 0; axis < values.dimensions; ++axis)
      means[i * values.dimensions + axis] /= count;
  }
  return means;
}

}  // namespace fairsweep::pareto
