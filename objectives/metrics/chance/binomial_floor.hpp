#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "objectives/metrics/chance/people_bootstrap.hpp"

namespace fairsweep::fairness {

/// What a measure is where there is nothing to measure: its mean over draws, and where most of them lie.
struct NoiseFloor {
  double mean = std::numeric_limits<double>::quiet_NaN();
  ChanceInterval interval;
};

/// Measures of people, from the share of right answers of each.
using MeasuresOfShares = std::function<std::vector<double>(std::span<const double> shares)>;

/// The binomial noise floor: every comparison of every person is right with the same probability, independently, so all
/// are served alike and the shares differ by chance alone. Drawn `draws` times.
/// @param comparisons  [people] of each, at least 1  @param right  the probability, in [0, 1]
/// Cost: draws x (people x log(most comparisons) + the measures), and once the sum of the different numbers of
/// comparisons. @throws InternalError where a number is out of its range.
[[nodiscard]] std::vector<NoiseFloor> binomial_floor(std::span<const std::uint32_t> comparisons, double right,
                                                     const MeasuresOfShares& measures, const ChanceOptions& options);

/// The exact expectation under the same rule of the variance over people, divisor n:
/// (1 - 1 / n) right (1 - right) mean(1 / comparisons). O(n).
[[nodiscard]] double expected_chance_variance(std::span<const std::uint32_t> comparisons, double right);

/// P(at most k right answers), k = 0 .. n: the cumulative binomial distribution, its last entry 1. O(n).
[[nodiscard]] std::vector<double> binomial_distribution(std::uint32_t n, double right);

}  // namespace fairsweep::fairness
