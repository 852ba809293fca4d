#pragma once

#include <cstdint>
#include <span>

#include "objectives/ensemble_weights/value_table.hpp"

namespace fairsweep {

/// Against what a kind of people measures its regret.
enum class RegretAgainst : std::uint8_t {
  own_model,   ///< A_ii, as the authors do: the model trained for it
  best_model,  ///< max_j A_ij: whichever model serves it best; no regret is below 0 then
};

/// Regrets R_ij = rho_i (reference_i - A_ij), [m, n].
/// @param worth A [m, n], larger is better; m = n with `own_model`    @param rho [m], >= 0
[[nodiscard]] ValueTable regrets_of(const ValueTable& worth, std::span<const double> rho, RegretAgainst against);

/// Min-max regret aggregation: w = argmin over the simplex of max(0, max_i (R w)_i). The zero is the authors' zero row:
/// the adversary may choose that nobody has a regret.
///
/// Source: Chidambaram, Seetharaman, Syrgkanis, Direct Preference Optimization With Unobserved Preference
/// Heterogeneity, arXiv 2510.15716 (AISTATS 2026), and the authors' code (keertanavc/multi_pref_DPO), which plays
/// optimistic multiplicative weights for 100,000 rounds. We solve the linear programme (min_max.hpp has ties and cost).
/// Scale: A larger by a constant in a row changes nothing; rho larger by a factor only scales the value.
/// @returns the value is the largest regret, 0 at least
/// @throws InternalError where sizes differ or a rho is negative or not finite.
[[nodiscard]] EnsembleWeights min_max_regret(const ValueTable& worth, std::span<const double> rho,
                                             RegretAgainst against);

}  // namespace fairsweep
