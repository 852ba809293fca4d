#include "workers/trainer/stacked_optimizer.hpp"

#include <ATen/core/grad_mode.h>
#include <cmath>

namespace fairsweep {
namespace {

constexpr double k_beta_first = 0.9;
constexpr double k_beta_second = 0.999;
constexpr double k_epsilon = 1e-8;

}  // namespace

void adamw_step(const at::Tensor& parameters, const at::Tensor& gradient, OptimizerState& state,
                const StepSizes& sizes) {
  const at::NoGradGuard no_gradients;
  state.steps += 1;
  if (sizes.clip_norm.defined()) {
    const at::Tensor norm = (gradient * gradient).sum(-1, true).sqrt();
    // A choice, not a minimum: where there is no clipping the factor is 1 even if the norm overflows.
    gradient.mul_(at::where(norm.gt(sizes.clip_norm), sizes.clip_norm / norm, at::ones({}, norm.options())));
  }
  parameters.mul_(sizes.keep);
  state.first.lerp_(gradient, 1 - k_beta_first);
  state.second.mul_(k_beta_second).addcmul_(gradient, gradient, 1 - k_beta_second);
  // The bias corrections are moved out of the elementwise work: the step is rate c2 / c1 * m / (sqrt(v) + epsilon c2).
  const auto t = static_cast<double>(state.steps);
  const double first_correction = 1 - std::pow(k_beta_first, t);
  const double second_correction = std::sqrt(1 - std::pow(k_beta_second, t));
  at::Tensor scratch = gradient;
  at::sqrt_out(scratch, state.second);
  scratch.add_(k_epsilon * second_correction);
  at::div_out(scratch, state.first, scratch);
  scratch.mul_(sizes.learning_rate * (second_correction / first_correction));
  parameters.sub_(scratch);
}

}  // namespace fairsweep
