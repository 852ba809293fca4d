#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/domain/people_settings.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What a policy makes of the training comparisons. People are judged by their consistency with themselves alone, never
/// by whether others agree: a minority disagrees, too.
struct LabelDecision {
  std::vector<bool> dropped;        ///< [users] whose training comparisons are left out; empty: nobody
  std::vector<double> weight;       ///< [users] factor of the comparisons' weights, 0 for those dropped; empty: 1
  std::vector<double> flip;         ///< [users] probability that an answer is turned around; empty: 0
  std::vector<double> agreement;    ///< [users] with oneself when asked again, shrunk to everybody's mean
  std::int64_t repeated_users = 0;  ///< who were asked something again
};

/// A person's agreement with himself is a = (agreements + prior a_0) / (pairs + prior), a_0 that of all together; then
/// the stable share is g = 2 a - 1 (Converse 1964), the weight max(0, g), and an answer is turned around with
/// probability e = (1 - sqrt(max(0, g))) / 2, so that two answers agree with (1 - e)^2 + e^2 = a.
/// @param training  rows of the training comparisons
/// @throws UserError (configuration) where nobody was asked anything twice, or everybody would be dropped
[[nodiscard]] LabelDecision decide_labels(const PreferenceData& data, std::span<const std::int64_t> training,
                                          const LabelSettings& settings);

}  // namespace fairsweep
