#include "objectives/ensemble_weights/min_max.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/simplex_program.hpp"

namespace fairsweep {
namespace {

constexpr double k_slack = 1e-10;  ///< by which a row may exceed the least largest one, costs being of the order of 1

double largest_row(const ValueTable& cost, const std::vector<double>& weights) {
  double largest = 0;
  for (std::size_t row = 0; row < cost.rows(); ++row)
    largest = std::max(largest, cost.mixed(row, weights));
  return largest;
}

/// The weights that least z leaves, in costs divided by `unit`.
std::vector<double> least_largest(const ValueTable& cost, double unit) {
  const std::size_t count = cost.columns();
  std::vector<double> gain(count, 0.0);
  gain.push_back(-1);
  SimplexProgram program(gain, std::vector<double>(count + 1, 1.0));
  for (std::size_t row = 0; row < cost.rows(); ++row) {
    std::vector<double> above(count + 1, 1.0);  // z - (C w)_row
    for (std::size_t column = 0; column < count; ++column)
      above[column] = -cost.at(row, column) / unit;
    program.require(above, 0);
  }
  std::optional<std::vector<double>> solution = program.solve();
  check(solution.has_value(), "z alone fulfils every row");
  solution->pop_back();
  double sum = 0;
  for (const double weight : *solution)
    sum += weight;
  check(sum > 0, "z is least at weights");
  for (double& weight : *solution)
    weight /= sum;
  return *solution;
}

/// Of all weights with no row above `largest`, those with the least sum of rows; nothing where rounding leaves none.
std::optional<std::vector<double>> least_sum(const ValueTable& cost, double unit, double largest) {
  const std::size_t count = cost.columns();
  std::vector<double> gain(count, 0.0);
  for (std::size_t row = 0; row < cost.rows(); ++row) {
    for (std::size_t column = 0; column < count; ++column)
      gain[column] -= cost.at(row, column) / unit;
  }
  SimplexProgram program(gain, std::vector<double>(count, 1.0));
  for (std::size_t row = 0; row < cost.rows(); ++row) {
    std::vector<double> below(count);
    for (std::size_t column = 0; column < count; ++column)
      below[column] = largest / unit + k_slack - cost.at(row, column) / unit;
    program.require(below, 0);
  }
  return program.solve();
}

}  // namespace

EnsembleWeights min_max(const ValueTable& cost) {
  const std::size_t count = cost.columns();
  if (!cost.finite()) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {std::vector<double>(count, nan), nan};
  }
  double unit = 0;
  for (std::size_t row = 0; row < cost.rows(); ++row) {
    for (const double value : cost.row(row))
      unit = std::max(unit, std::abs(value));
  }
  if (unit == 0)
    unit = 1;
  std::vector<double> weights = least_largest(cost, unit);
  const double largest = largest_row(cost, weights);
  if (const auto better = least_sum(cost, unit, largest); better && largest_row(cost, *better) <= largest + 1e-9 * unit)
    weights = *better;
  return {weights, largest_row(cost, weights)};
}

}  // namespace fairsweep
