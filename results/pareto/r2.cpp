#include "results/pareto/r2.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_most_weights = 10'000;

/// C(parts + columns - 1, columns - 1), or more than k_most_weights.
std::size_t ways_to_deal(std::size_t parts, std::size_t columns) {
  std::size_t ways = 1;
  for (std::size_t i = 1; i < columns; ++i) {
    ways = ways * (parts + i) / i;
    if (ways > k_most_weights)
      break;
  }
  return ways;
}

/// Distances of the front from the ideal, in long double: differences of any doubles stay in its range.
std::vector<long double> distances(PointsView points, std::span<const double> ideal) {
  std::vector<long double> result;
  for (const std::size_t row : non_dominated(points, Copies::first)) {
    for (std::size_t column = 0; column < ideal.size(); ++column) {
      const double value = points[row][column];
      if (value < ideal[column])
        check(false, "point " + std::to_string(row) + " is below the ideal in column " + std::to_string(column));
      result.push_back(static_cast<long double>(value) - ideal[column]);
    }
  }
  return result;
}

/// The weight of the first column at which a step of the front stops being cheaper in the first column: there
/// w first = (1 - w) second.
long double balance(long double first, long double second) { return second / (first + second); }

/// Along the weight of the first column the front's points take turns, from the best in the second to the best in the
/// first; each costs (1 - w) second up to its own balance and w first after it.
long double r2_of_two(const std::vector<long double>& far) {
  struct Step {
    long double first, second;
  };
  std::vector<Step> steps;
  steps.reserve(far.size() / 2);
  for (std::size_t i = 0; i < far.size(); i += 2)
    steps.push_back({far[i], far[i + 1]});
  std::ranges::sort(steps, {}, &Step::first);
  long double sum = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto [first, second] = steps[i];
    if (first == 0 && second == 0)
      return 0;
    const long double from = i + 1 < steps.size() ? balance(steps[i + 1].first, second) : 0;
    const long double to = i > 0 ? balance(first, steps[i - 1].second) : 1;
    const long double turn = balance(first, second);
    sum += second * (turn - from) * (1 - (turn + from) / 2) + first * (to - turn) * (to + turn) / 2;
  }
  return sum;
}

}  // namespace

std::vector<double> r2_weights(std::size_t dimensions) {
  check(dimensions > 0, "weights need at least one dimension");
  if (dimensions == 1)
    return {1.0};
  std::size_t parts = 1;
  while (ways_to_deal(parts + 1, dimensions) <= k_most_weights)
    ++parts;
  std::vector<double> weights;
  const std::size_t last = dimensions - 1;
  std::vector<std::size_t> dealt(dimensions, 0);
  dealt[last] = parts;
  // All parts lie in the last column at first; each turn moves one on, as an odometer does.
  while (true) {
    for (const std::size_t part : dealt)
      weights.push_back(static_cast<double>(part) / static_cast<double>(parts));
    std::size_t column = last;
    while (column > 0 && dealt[column] == 0)
      --column;
    if (column == 0)
      return weights;
    const std::size_t left = dealt[column] - 1;
    dealt[column] = 0;
    ++dealt[column - 1];
    dealt[last] = left;
  }
}

double r2(PointsView points, std::span<const double> ideal) {
  check_comparable(points, {ideal, ideal.size()});
  if (points.values.empty())
    return std::numeric_limits<double>::infinity();
  const std::vector<long double> far = distances(points, ideal);
  const std::size_t m = ideal.size();
  if (m == 2)
    return static_cast<double>(r2_of_two(far));
  const std::vector<double> weights = r2_weights(m);
  const std::size_t count = weights.size() / m;
  long double sum = 0;
  for (std::size_t weight = 0; weight < weights.size(); weight += m) {
    long double least = std::numeric_limits<long double>::infinity();
    for (std::size_t point = 0; point < far.size(); point += m) {
      long double cost = 0;
      for (std::size_t column = 0; column < m && cost < least; ++column)
        cost = std::max(cost, weights[weight + column] * far[point + column]);
      least = std::min(least, cost);
    }
    sum += least;
  }
  return static_cast<double>(sum / static_cast<long double>(count));
}

}  // namespace fairsweep::pareto
