#pragma once

#include "objectives/ensemble_weights/value_table.hpp"

namespace fairsweep {

/// argmax over the simplex of min_i sum_j w_j A_ij: the worst-off kind of people is as well off as a mixture can make
/// it. The mathematics of max-min fairness (after Chakraborty et al., MaxMin-RLHF, ICML 2024, arXiv 2402.08925, where
/// it is a policy that is trained) on models that are there.
///
/// Exact; of several w the one with the greatest sum of rows, as in min_max.hpp. Adding a constant to the table adds it
/// to the value and changes no weight.
/// @param worth A [m, n], larger is better    @returns the value is min_i (A w)_i
[[nodiscard]] EnsembleWeights max_min(const ValueTable& worth);

}  // namespace fairsweep
