#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace fairsweep::fairness {

/// Where most of the values that chance gives lie: the quantiles at 2.5 % and 97.5 %; NaN where they are not known.
struct ChanceInterval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// How chance is drawn. Streams are counter-based: one seed gives the same numbers everywhere, and the same people are
/// drawn for whatever is measured of them, so that differences of two models are drawn in pairs.
struct ChanceOptions {
  std::size_t draws = 1000;  ///< at least 1
  std::uint64_t seed = 1;
};

/// Measures of a sample of people, by their rows; a row drawn twice is there twice.
using MeasuresOfRows = std::function<std::vector<double>(std::span<const std::uint32_t> rows)>;

/// The percentile bootstrap over people: within each group as many are drawn as it has, with replacement, and measured
/// again, `draws` times. Draws in which a measure is NaN are left out of its interval.
/// @param group  [people] who is drawn for whom; any numbers
/// @return one interval a measure; of fewer than two people, NaN
/// Cost: draws x (people + the measures). Source: B. Efron, Ann. Statist. 7 (1979).
[[nodiscard]] std::vector<ChanceInterval> people_bootstrap(std::span<const std::int32_t> group,
                                                           const MeasuresOfRows& measures,
                                                           const ChanceOptions& options);

}  // namespace fairsweep::fairness
