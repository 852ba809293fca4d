#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto::test {

/// Points that own their numbers.
struct Cloud {
  std::vector<double> values;
  std::size_t dimensions = 0;
  [[nodiscard]] PointsView view() const { return {values, dimensions}; }
  [[nodiscard]] std::size_t size() const { return view().size(); }
  void add(std::span<const double> point) { values.insert(values.end(), point.begin(), point.end()); }
};

inline Cloud cloud(const std::vector<std::vector<double>>& rows) {
  Cloud result;
  for (const auto& row : rows) {
    result.dimensions = row.size();
    result.add(row);
  }
  return result;
}

/// What a random cloud is like; every kind has broken somebody's algorithm.
enum class Kind { cube, grid, front, few_values, constant_column, chain };
inline const std::vector<Kind> k_kinds = {Kind::cube, Kind::grid, Kind::front, Kind::few_values, Kind::constant_column,
                                          Kind::chain};

inline std::string to_text(Kind kind) {
  switch (kind) {
    case Kind::cube:
      return "cube";
    case Kind::grid:
      return "grid";
    case Kind::front:
      return "front";
    case Kind::few_values:
      return "few values";
    case Kind::constant_column:
      return "constant column";
    case Kind::chain:
      return "chain";
  }
  return "?";
}

inline Cloud random_cloud(Kind kind, std::size_t rows, std::size_t dimensions, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Cloud result{{}, dimensions};
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<double> point(dimensions);
    for (double& x : point)
      x = uniform(generator);
    if (kind == Kind::grid) {
      for (double& x : point)
        x = std::floor(x * 8) / 8;
    } else if (kind == Kind::few_values) {
      for (double& x : point)
        x = x < 0.5 ? 0.0 : 1.0;
    } else if (kind == Kind::constant_column) {
      point[row % 2 == 0 ? 0 : dimensions - 1] = 0.5;
      point[dimensions / 2] = 0.25;
    } else if (kind == Kind::front) {
      double norm = 0;
      for (const double x : point)
        norm += x * x;
      for (double& x : point)
        x = 1 - x / std::sqrt(norm);
    } else if (kind == Kind::chain) {
      for (double& x : point)
        x = static_cast<double>(rows - row) + 0.25 * x;
    }
    result.add(point);
  }
  return result;
}

/// The union of the boxes, slab by slab from the last column down: slow and plain.
inline double slab_volume(const std::vector<std::vector<double>>& points, std::span<const double> reference) {
  if (points.empty())
    return 0;
  if (reference.empty())
    return 1;
  const std::size_t last = reference.size() - 1;
  std::vector<double> cuts{reference[last]};
  for (const auto& point : points) {
    if (point[last] < reference[last])
      cuts.push_back(point[last]);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  double volume = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    std::vector<std::vector<double>> inside;
    for (const auto& point : points) {
      if (point[last] <= cuts[i])
        inside.push_back(point);
    }
    volume += (cuts[i + 1] - cuts[i]) * slab_volume(inside, reference.first(last));
  }
  return volume;
}

inline double slab_volume(const Cloud& points, std::span<const double> reference) {
  std::vector<std::vector<double>> rows;
  for (std::size_t row = 0; row < points.size(); ++row)
    rows.emplace_back(points.view()[row].begin(), points.view()[row].end());
  return slab_volume(rows, reference);
}

inline Cloud shuffled(const Cloud& points, std::uint64_t seed) {
  std::vector<std::size_t> order(points.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::mt19937_64 generator(seed);
  std::shuffle(order.begin(), order.end(), generator);
  Cloud result{{}, points.dimensions};
  for (const std::size_t row : order)
    result.add(points.view()[row]);
  return result;
}

}  // namespace fairsweep::pareto::test
