#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fairsweep::pareto {

/// What configurations came to on each seed: [configurations, replicates, dimensions], row-major, smaller is better.
/// A replicate that is not there is NaN in every dimension. Column r holds the same seed of every configuration.
struct ReplicateValues {
  std::size_t configurations = 0;
  std::size_t replicates = 0;
  std::size_t dimensions = 0;
  std::vector<double> values;
  [[nodiscard]] std::span<const double> at(std::size_t configuration, std::size_t replicate) const {
    return std::span(values).subspan((configuration * replicates + replicate) * dimensions, dimensions);
  }
};

/// Sizes fit, every replicate is whole or absent, and every configuration has one at least. O(values).
/// @throws InternalError saying which is not.
void check_replicates(const ReplicateValues& values);

/// Is this replicate of the configuration there?
[[nodiscard]] inline bool is_there(std::span<const double> replicate) {
  return replicate.empty() || replicate.front() == replicate.front();
}

/// Means over the replicates that are there, [configurations, dimensions]. O(values).
[[nodiscard]] std::vector<double> means_of(const ReplicateValues& values);

}  // namespace fairsweep::pareto
