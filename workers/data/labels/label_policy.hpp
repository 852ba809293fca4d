#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What is done about answers that may be no preferences.
struct LabelRecipe {
  std::string policy = "keep";  ///< keep, drop, weight, noise_aware
  double least_stable = 0.2;    ///< drop: people whose stable share of answers is below
  double prior_pairs = 4;       ///< how many pairs of answers everybody's mean counts for in a person's own
};

/// What a policy makes of the training comparisons. People are judged by their consistency with themselves alone, never
/// by whether others agree: a minority disagrees, too.
struct LabelDecision {
  std::vector<bool> dropped;          ///< [users] whose training comparisons are left out; empty: nobody
  std::vector<double> weight;         ///< [users] factor of the comparisons' weights; empty: 1
  std::vector<double> flip;           ///< [users] probability that an answer is turned around; empty: 0
  std::vector<double> agreement;      ///< [users] with oneself when asked again, shrunk to everybody's mean
  std::int64_t repeated_users = 0;    ///< who were asked something again
};

/// A person's agreement with himself is a = (agreements + prior a_0) / (pairs + prior), a_0 that of all together; then
/// the stable share is g = 2 a - 1 (Converse 1964), the weight max(0, g), and an answer is turned around with
/// probability e = (1 - sqrt(max(0, g))) / 2, so that two answers agree with (1 - e)^2 + e^2 = a.
/// @param training  rows of the training comparisons
/// @throws UserError (configuration) where nobody was asked anything twice, or everybody would be dropped
[[nodiscard]] LabelDecision decide_labels(const PreferenceData& data, std::span<const std::int64_t> training,
                                          const LabelRecipe& recipe);

}  // namespace fairsweep
