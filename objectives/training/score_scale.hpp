#pragma once

#include <ATen/ATen.h>

namespace fairsweep {

/// The factor b > 0 that makes choices by softmax(b * score) most likely, given what was chosen: 1 / temperature.
/// The likelihood is concave in b; Newton steps inside a bracket. b stays within [0.001, 1000] / root mean square of
/// the margins: a model that orders everything rightly, or worse than chance, has no finite or positive optimum.
/// 1 where there are no comparisons or all margins are 0.
/// @param margins [V, n] floating, score minus the score of the chosen candidate, which comes first (so column 0 is 0)
/// @param present [V, n] bool    @param weight [V] >= 0
/// Cost: some ten passes over the margins. Source: Guo, Pleiss, Sun, Weinberger, On Calibration of Modern Neural
/// Networks (ICML 2017), section 4.2, with choices for classes.
[[nodiscard]] double likeliest_scale(const at::Tensor& margins, const at::Tensor& present, const at::Tensor& weight);

/// 1 / root mean square of the margins to the candidates that were not chosen, weighted; 1 where that is not positive.
[[nodiscard]] double unit_scale(const at::Tensor& margins, const at::Tensor& present, const at::Tensor& weight);

}  // namespace fairsweep
