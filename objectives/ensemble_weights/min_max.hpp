#pragma once

#include "objectives/ensemble_weights/value_table.hpp"

namespace fairsweep {

/// argmin over the simplex of max(0, max_i sum_j w_j cost(i, j)): a mixture of the columns whose largest row is least.
/// The 0 is a row of its own, as an adversary has it who may also choose nothing; it changes nothing where every row
/// has only costs above 0.
///
/// Of several such w the one with the least sum of rows, sum_ij w_j cost(i, j); of several of these the one that
/// Bland's rule meets first, which may depend on the order of the columns. The value does not.
///
/// Exact: the programme "least z with z >= (C w)_i, z >= 0, sum w + z = 1" has its least z / (1 - z) where the largest
/// row of w / sum w is least, because z grows with it. Rows may differ in the last digits: up to 1e-9 of the largest
/// |cost|. Cost: two programmes of n + 1 variables and m rows.
/// @param cost [m, n]    @returns the value is max(0, max_i (C w)_i) of the weights
[[nodiscard]] EnsembleWeights min_max(const ValueTable& cost);

}  // namespace fairsweep
