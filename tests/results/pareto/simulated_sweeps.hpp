#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>
#include <vector>

#include "results/pareto/random_source.hpp"
#include "results/pareto/replicate_values.hpp"

namespace fairsweep::pareto::test {

/// How the true means of simulated configurations lie. Smaller is better; values are of the order of 1.
enum class Truth {
  centres,   ///< distance to each group's own best settings, settings uniform in five dimensions
  sphere,    ///< DTLZ2: a concave front, reached only by the right settings
  cube,      ///< uniform: nothing to be learnt from the others
  traded,    ///< what one group gains another loses, with normal scatter
  clusters,  ///< four methods, each with its own place and scatter
  edge,      ///< piled up behind a sharp convex edge, a twelfth of its length thick: the hardest
};
inline constexpr std::array k_truths = {Truth::centres, Truth::sphere,   Truth::cube,
                                        Truth::traded,  Truth::clusters, Truth::edge};

inline std::string_view to_text(Truth truth) {
  constexpr std::array<std::string_view, 6> names = {"centres", "sphere", "cube", "traded", "clusters", "edge"};
  return names[static_cast<std::size_t>(truth)];
}

inline std::vector<double> sphere_point(std::size_t dimensions, RandomSource& random) {
  double radius = 1;
  for (std::size_t k = 0; k < 5; ++k)
    radius += std::pow(random.uniform() - 0.5, 2);
  std::vector<double> angles, point;
  for (std::size_t axis = 0; axis + 1 < dimensions; ++axis)
    angles.push_back(random.uniform() * std::numbers::pi / 2);
  for (std::size_t axis = 0; axis < dimensions; ++axis) {
    double value = radius;
    for (std::size_t k = 0; k + 1 + axis < dimensions; ++k)
      value *= std::cos(angles[k]);
    point.push_back(axis == 0 ? value : value * std::sin(angles[dimensions - 1 - axis]));
  }
  return point;
}

/// True means, [configurations, dimensions].
inline std::vector<double> true_means(Truth truth, std::size_t configurations, std::size_t dimensions,
                                      RandomSource& random) {
  constexpr std::size_t k_settings = 5;
  std::vector<double> means, places;
  for (std::size_t k = 0; k < dimensions * k_settings; ++k)
    places.push_back(random.uniform());
  for (std::size_t i = 0; i < configurations; ++i) {
    std::array<double, k_settings> settings{};
    for (double& setting : settings)
      setting = random.uniform();
    const double common = random.normal(), depth = 0.08 * random.gamma(1);
    std::vector<double> sphere, share;
    if (truth == Truth::sphere)
      sphere = sphere_point(dimensions, random);
    double total = 0;
    for (std::size_t axis = 0; axis < dimensions; ++axis) {
      share.push_back(random.gamma(1));
      total += share.back();
    }
    for (std::size_t axis = 0; axis < dimensions; ++axis) {
      const double side = axis % 2 == 0 ? 1 : -1;
      double value = 0;
      switch (truth) {
        case Truth::centres:
          for (std::size_t k = 0; k < k_settings; ++k)
            value += std::pow(settings[k] - places[axis * k_settings + k], 2);
          value = std::sqrt(value);
          break;
        case Truth::sphere:
          value = sphere[axis];
          break;
        case Truth::cube:
          value = random.uniform();
          break;
        case Truth::traded:
          value = 0.27 * side * common + 0.12 * random.normal();
          break;
        case Truth::clusters:
          value = places[(i % 4 + axis * k_settings) % places.size()] + 0.1 * random.normal();
          break;
        case Truth::edge:
          value = std::pow(1 - share[axis] / total, 2) + depth;
          break;
      }
      means.push_back(value);
    }
  }
  return means;
}

/// How the replicates spread about the true means.
struct Noise {
  double deviation = 0.05;  ///< of one replicate, of a usual configuration
  double between = 0.3;     ///< standard deviation of the logarithm of the configurations' own deviations
  double axes = 0.2;        ///< correlation of the axes
  double seeds = 0.5;       ///< deviation of what a seed does to all configurations alike, in units of `deviation`
};

inline ReplicateValues replicates_of(const std::vector<double>& means, std::size_t dimensions, std::size_t replicates,
                                     const Noise& noise, RandomSource& random) {
  ReplicateValues values{means.size() / dimensions, replicates, dimensions, {}};
  std::vector<double> seeds;
  for (std::size_t k = 0; k < replicates * dimensions; ++k)
    seeds.push_back(noise.seeds * noise.deviation * random.normal());
  for (std::size_t i = 0; i < values.configurations; ++i) {
    const double deviation = noise.deviation * std::exp(noise.between * random.normal());
    for (std::size_t r = 0; r < replicates; ++r) {
      const double common = random.normal();
      for (std::size_t axis = 0; axis < dimensions; ++axis) {
        values.values.push_back(means[i * dimensions + axis] + seeds[r * dimensions + axis] +
                                deviation *
                                    (std::sqrt(1 - noise.axes) * random.normal() + std::sqrt(noise.axes) * common));
      }
    }
  }
  return values;
}

/// Reported probabilities against what was true, in ten bins.
struct CalibrationCurve {
  std::array<double, 10> count{}, reported{}, observed{};
  void add(double probability, bool truth) {
    const auto bin = static_cast<std::size_t>(std::fmin(9, std::floor(probability * 10)));
    count[bin] += 1;
    reported[bin] += probability;
    observed[bin] += truth ? 1 : 0;
  }
  void add(const CalibrationCurve& other) {
    for (std::size_t bin = 0; bin < count.size(); ++bin) {
      count[bin] += other.count[bin];
      reported[bin] += other.reported[bin];
      observed[bin] += other.observed[bin];
    }
  }
  /// Observed share minus mean reported probability.
  [[nodiscard]] double off(std::size_t bin) const { return (observed[bin] - reported[bin]) / count[bin]; }
  /// Largest distance over the bins with at least so many claims in them.
  [[nodiscard]] double worst(double least) const {
    double largest = 0;
    for (std::size_t bin = 0; bin < count.size(); ++bin)
      largest = count[bin] >= least ? std::fmax(largest, std::fabs(off(bin))) : largest;
    return largest;
  }
};

}  // namespace fairsweep::pareto::test
