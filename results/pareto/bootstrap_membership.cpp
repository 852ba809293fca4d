#include "results/pareto/bootstrap_membership.hpp"

#include <algorithm>
#include <span>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

std::size_t below(std::size_t n, RandomSource& random) {
  return std::min(n - 1, static_cast<std::size_t>(random.uniform() * static_cast<double>(n)));
}

/// Mean of the drawn replicates that are there; false where none is.
bool average(const ReplicateValues& values, std::size_t row, const std::vector<std::size_t>& drawn,
             std::span<double> mean) {
  std::ranges::fill(mean, 0.0);
  double count = 0;
  for (const std::size_t replicate : drawn) {
    const std::span<const double> value = values.at(row, replicate);
    if (!is_there(value))
      continue;
    ++count;
    for (std::size_t axis = 0; axis < mean.size(); ++axis)
      mean[axis] += (value[axis] - mean[axis]) / count;
  }
  return count > 0;
}

}  // namespace

std::vector<double> bootstrap_membership(const ReplicateValues& values, Seeds seeds, std::size_t draws,
                                         RandomSource& random) {
  check_replicates(values);
  check(draws > 0, "a bootstrap draws at least once");
  const std::size_t n = values.configurations, m = values.dimensions;
  std::vector<std::vector<std::size_t>> present(n);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t r = 0; r < values.replicates; ++r) {
      if (is_there(values.at(row, r)))
        present[row].push_back(r);
    }
  }
  const std::vector<double> means = means_of(values);
  std::vector<double> points(n * m), probability(n, 0.0);
  std::vector<std::size_t> drawn;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    if (seeds == Seeds::shared) {
      drawn.clear();
      for (std::size_t r = 0; r < values.replicates; ++r)
        drawn.push_back(below(values.replicates, random));
    }
    for (std::size_t row = 0; row < n; ++row) {
      if (seeds == Seeds::own) {
        drawn.clear();
        for (std::size_t r = 0; r < present[row].size(); ++r)
          drawn.push_back(present[row][below(present[row].size(), random)]);
      }
      const std::span<double> point = std::span(points).subspan(row * m, m);
      if (!average(values, row, drawn, point))
        std::copy_n(means.begin() + static_cast<std::ptrdiff_t>(row * m), m, point.begin());
    }
    for (const std::size_t row : non_dominated({points, m}, Copies::all))
      probability[row] += 1.0 / static_cast<double>(draws);
  }
  for (double& each : probability)
    each = std::min(each, 1.0);
  return probability;
}

}  // namespace fairsweep::pareto
