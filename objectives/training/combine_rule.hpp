#pragma once

#include <ATen/ATen.h>

#include <string_view>

namespace fairsweep {

/// How several rewards of one context's candidates become one advantage.
enum class CombineRule {
  reward_combination,     ///< standardise the weighted sum of the rewards
  advantage_combination,  ///< weighted sum of the standardised rewards
  gdpo,                   ///< advantage combination, standardised again over all contexts
  dvao,                   ///< weighted sum of the standardised rewards, by weight times deviation
};

/// By its name in a sweep. @throws UserError (configuration) where there is none of that name.
[[nodiscard]] CombineRule combine_rule_named(std::string_view name);

/// Below this a deviation is taken for zero: the objective says nothing about the context.
inline constexpr double k_least_deviation = 1e-6;
/// Added to the deviation over all contexts in GDPO, as its authors do.
inline constexpr double k_gdpo_epsilon = 1e-4;

/// Advantages of C contexts with up to G candidates under O objectives, [C, G]; 0 for absent candidates and where
/// nothing can be said (a single candidate, or no spread).
///
/// With mu_k and sigma_k the mean and population deviation of reward r_k over the candidates of a context:
///   reward combination      A = (r - mean r) / deviation r,  r = sum_k w_k r_k
///   advantage combination   A = sum_k w_k A_k,  A_k = (r_k - mu_k) / sigma_k
///   gdpo                    advantage combination, then (A - mean) / (deviation + 1e-4) over all candidates of all
///                           contexts
///   dvao                    A = sum_k w_k (r_k - mu_k) / sum_l w_l sigma_l
/// @param rewards [C, G, O] floating, best in [0, 1]: dvao weighs by spread, so units matter
/// @param present [C, G] bool    @param weights [C, O] floating, >= 0, rows sum to 1
/// Cost: O(C * G * O). Source: Jiang et al., DVAO (arXiv 2605.25604), section 2; GDPO after its authors' code.
/// @throws InternalError where weights are negative or do not sum to 1.
[[nodiscard]] at::Tensor combined_advantages(CombineRule rule, const at::Tensor& rewards, const at::Tensor& present,
                                             const at::Tensor& weights);

/// The weights DVAO puts on the standardised rewards, w_k sigma_k / sum_l w_l sigma_l, [C, O]; 0 where no objective
/// with weight has spread.
[[nodiscard]] at::Tensor dvao_weights(const at::Tensor& rewards, const at::Tensor& present, const at::Tensor& weights);

}  // namespace fairsweep
