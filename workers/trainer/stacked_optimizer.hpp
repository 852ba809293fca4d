#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace fairsweep {

/// What AdamW carries from step to step for K trials of P parameters.
struct OptimizerState {
  at::Tensor first;        ///< [K, P] mean of the gradients
  at::Tensor second;       ///< [K, P] mean of their squares
  std::int64_t steps = 0;  ///< taken so far, the same for all trials of a stack
};

/// Numbers of one step, [K, 1] each.
struct StepSizes {
  at::Tensor learning_rate;  ///< of this step
  at::Tensor keep;           ///< 1 - learning rate * weight decay
  at::Tensor clip_norm;      ///< largest gradient norm, infinity where there is no clipping; undefined: nowhere
};

/// One AdamW step (Loshchilov and Hutter, ICLR 2019) with betas 0.9 and 0.999 and epsilon 1e-8, as
///   g <- g min(1, clip / |g|),  p <- keep p,  m <- m + 0.1 (g - m),  v <- 0.999 v + 0.001 g g,
///   p <- p - rate (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8).
/// Changes `parameters` [K, P] and `state` in place and uses `gradient` [K, P] as scratch. P is a multiple of 32.
void adamw_step(const at::Tensor& parameters, const at::Tensor& gradient, OptimizerState& state,
                const StepSizes& sizes);

}  // namespace fairsweep
