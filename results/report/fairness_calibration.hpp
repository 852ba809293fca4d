#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "results/report/fairness_summary.hpp"

namespace fairsweep::report {

/// What comparisons of one split say of people, by their place in a sample.
struct SplitOfSample {
  const ComparisonValues* values = nullptr;
  std::vector<std::int32_t> place;  ///< [comparisons of the split] place of the person in the sample, -1: not in it
  std::vector<double> weight;       ///< [comparisons of the split]
};

/// Calibration of groups under some trials, each group's averaged over the trials: value, interval, noise floor and the
/// bins of the first trial.
/// @param rows    of the split's margins, the trials'
/// @param group   [sample] place of each person's group
/// @param groups  how many; everybody comes before them
/// @return [1 + groups]. Cost: draws x trials x comparisons, twice.
struct GroupCalibration {
  Measured error;
  std::vector<fairness::ReliabilityBin> bins;
};
[[nodiscard]] std::vector<GroupCalibration> calibration_of(const SplitOfSample& split,
                                                           const std::vector<std::size_t>& rows,
                                                           const std::vector<std::int32_t>& group, std::size_t groups,
                                                           const fairness::ChanceOptions& chance);

}  // namespace fairsweep::report
