#pragma once

#include <ATen/ATen.h>

#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {

/// First minus second of two candidates, [K, 2, B] to [K, B].
[[nodiscard]] inline at::Tensor difference(const at::Tensor& of_pair) {
  const std::vector<at::Tensor> pair = of_pair.unbind(1);  // back, one stack puts the two gradients together
  return pair[0] - pair[1];
}

/// Number `i` of the learned ones, [K, B].
[[nodiscard]] inline at::Tensor number(const ModelAnswers& says, std::int64_t i) { return says.numbers.select(1, i); }

/// The loss of a tie where there is one, of the order elsewhere.
[[nodiscard]] inline at::Tensor of_tie_or_order(const ChoiceShape& shape, const at::Tensor& tie,
                                                const at::Tensor& order) {
  return shape.tied.defined() ? at::where(shape.tied, tie, order) : order;
}

}  // namespace fairsweep
