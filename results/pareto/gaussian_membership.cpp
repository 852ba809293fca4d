#include "results/pareto/gaussian_membership.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"

namespace fairsweep::pareto {
namespace {

constexpr double k_reach = 9;        // standard deviations to both sides
constexpr double k_step = 0.5;       // of the smaller deviation
constexpr double k_most_apart = 50;  // ratio of two deviations

/// Nodes of one axis: their weights, and what share of each competitor lies below each.
struct AxisNodes {
  std::vector<double> weights;
  std::vector<double> below;  ///< [nodes, points]
};

AxisNodes nodes_of(PointsView means, std::span<const double> errors, std::size_t row, std::size_t axis) {
  const std::size_t n = means.size(), m = means.dimensions;
  double smallest = errors[axis], largest = errors[axis];
  for (std::size_t j = 0; j < n; ++j) {
    smallest = std::min(smallest, errors[j * m + axis]);
    largest = std::max(largest, errors[j * m + axis]);
  }
  check(smallest > 0 && largest <= k_most_apart * smallest, "errors of an axis are above 0 and within a factor of 50");
  const double own = errors[row * m + axis];
  const double step = k_step * smallest / own;  // in units of the own deviation
  const auto half = static_cast<long>(std::ceil(k_reach / step));
  AxisNodes nodes;
  for (long k = -half; k <= half; ++k) {
    const double z = static_cast<double>(k) * step;
    nodes.weights.push_back(step * std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi));
    for (std::size_t j = 0; j < n; ++j) {
      const double t = (means[row][axis] + z * own - means[j][axis]) / errors[j * m + axis];
      nodes.below.push_back(std::erfc(-t / std::numbers::sqrt2) / 2);
    }
  }
  return nodes;
}

/// Sum over the nodes of the axes from `axis` on; `covered` holds the product of the shares on the axes before.
double integrate(const std::vector<AxisNodes>& axes, std::size_t axis, std::size_t row,
                 const std::vector<double>& covered) {
  if (axis == axes.size()) {
    double free = 1;
    for (std::size_t j = 0; j < covered.size(); ++j)
      free *= j == row ? 1 : 1 - covered[j];
    return free;
  }
  const AxisNodes& nodes = axes[axis];
  std::vector<double> now(covered.size());
  double sum = 0;
  for (std::size_t k = 0; k < nodes.weights.size(); ++k) {
    for (std::size_t j = 0; j < now.size(); ++j)
      now[j] = covered[j] * nodes.below[k * now.size() + j];
    sum += nodes.weights[k] * integrate(axes, axis + 1, row, now);
  }
  return sum;
}

}  // namespace

std::vector<double> gaussian_membership(PointsView means, std::span<const double> errors) {
  check_points(means);
  check(means.size() == 0 || (means.dimensions >= 1 && means.dimensions <= 3),
        "exact probabilities are for one to three dimensions");
  check(errors.size() == means.values.size(), "every coordinate has an error");
  std::vector<double> probability;
  probability.reserve(means.size());
  for (std::size_t row = 0; row < means.size(); ++row) {
    std::vector<AxisNodes> axes;
    for (std::size_t axis = 0; axis < means.dimensions; ++axis)
      axes.push_back(nodes_of(means, errors, row, axis));
    probability.push_back(std::clamp(integrate(axes, 0, row, std::vector<double>(means.size(), 1.0)), 0.0, 1.0));
  }
  return probability;
}

}  // namespace fairsweep::pareto
