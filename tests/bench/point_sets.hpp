#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "results/pareto/dominance.hpp"

namespace fairsweep::bench {

/// Points of a kind that the literature measures with; smaller is better. Named kind-dD-nN, or lattice-dD-hH.
struct PointSet {
  std::string name;
  std::size_t dimensions = 0;
  std::vector<double> values;
  [[nodiscard]] pareto::PointsView view() const { return {values, dimensions}; }
  [[nodiscard]] std::size_t size() const { return view().size(); }
};

inline std::vector<double> direction(RandomStream& random, std::size_t d) {
  std::vector<double> point(d);
  double square = 0;
  for (double& x : point) {
    x = std::abs(random.normal());
    square += x * x;
  }
  for (double& x : point)
    x /= std::sqrt(square);
  return point;
}

/// All ways to deal h parts to d columns, divided by h: a front with ties everywhere.
inline PointSet lattice(std::size_t d, int h) {
  PointSet set{"lattice-d" + std::to_string(d) + "-h" + std::to_string(h), d, {}};
  std::vector<double> parts(d, 0);
  const std::function<void(std::size_t, int)> deal = [&](std::size_t column, int left) {
    if (column + 1 == d) {
      parts[column] = static_cast<double>(left) / h;
      set.values.insert(set.values.end(), parts.begin(), parts.end());
      return;
    }
    for (int part = 0; part <= left; ++part) {
      parts[column] = static_cast<double>(part) / h;
      deal(column + 1, left - part);
    }
  };
  deal(0, h);
  return set;
}

/// cube: uniform. grid: uniform with 10 values a column. corr: near the diagonal. chain: each dominates the next.
/// linear: uniform on the simplex. concave, convex: on the sphere, bulging from or towards the best corner. thick: the
/// same sphere, up to three tenths further away.
inline PointSet point_set(const std::string& kind, std::size_t d, std::size_t n, std::uint64_t seed = 1) {
  RandomStream random(seed, static_cast<std::uint32_t>(d), 0, Purpose::search);
  PointSet set{kind + "-d" + std::to_string(d) + "-n" + std::to_string(n), d, {}};
  set.values.reserve(n * d);
  std::vector<double> point(d);
  for (std::size_t row = 0; row < n; ++row) {
    if (kind == "cube") {
      for (double& x : point)
        x = random.uniform();
    } else if (kind == "grid") {
      for (double& x : point)
        x = static_cast<double>(random.below(10)) / 10;
    } else if (kind == "corr") {
      const double middle = random.uniform();
      for (double& x : point)
        x = middle + 0.1 * random.uniform();
    } else if (kind == "chain") {
      for (double& x : point)
        x = static_cast<double>(row) + 0.5 * random.uniform();
    } else if (kind == "linear") {
      double sum = 0;
      for (double& x : point)
        sum += x = random.gamma(1.0);
      for (double& x : point)
        x /= sum;
    } else if (kind == "concave" || kind == "thick") {
      point = direction(random, d);
      const double radius = kind == "thick" ? 1 + 0.3 * random.uniform() : 1.0;
      for (double& x : point)
        x *= radius;
    } else if (kind == "convex") {
      point = direction(random, d);
      for (double& x : point)
        x = 1 - x;
    } else {
      throw std::invalid_argument("there are no points of kind " + kind);
    }
    set.values.insert(set.values.end(), point.begin(), point.end());
  }
  if (kind == "chain") {  // not in the order of the answer
    const auto order = random.permutation(static_cast<std::uint32_t>(n));
    const std::vector<double> sorted = set.values;
    for (std::size_t row = 0; row < n; ++row)
      std::copy_n(sorted.begin() + static_cast<std::ptrdiff_t>(order[row] * d), d,
                  set.values.begin() + static_cast<std::ptrdiff_t>(row * d));
  }
  return set;
}

}  // namespace fairsweep::bench
