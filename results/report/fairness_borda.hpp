#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "results/report/fairness_calibration.hpp"

namespace fairsweep::report {

/// Shares of pairs that the normalised Borda count tells apart and that are ordered as it orders them.
struct GroupBorda {
  Measured model;   ///< by the model, averaged over the trials; a margin of 0 counts one half
  Measured people;  ///< by the people who answered: what a model that follows the count would be right about
};

/// Pairs of a person first, then people, so that all count alike.
/// @param rows   of the split's margins    @param lead  [comparisons of the data] as in fairness_of()
/// @param group  [sample] place of each person's group    @param groups  how many; everybody comes before them
/// @return [1 + groups]. Cost: trials x comparisons + draws x people.
[[nodiscard]] std::vector<GroupBorda> borda_of(const SplitOfSample& split, const std::vector<std::size_t>& rows,
                                               const std::vector<double>& lead, const std::vector<std::int32_t>& group,
                                               std::size_t groups, const fairness::ChanceOptions& chance);

}  // namespace fairsweep::report
