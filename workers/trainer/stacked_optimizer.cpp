#include "workers/trainer/stacked_optimizer.hpp"

#include <ATen/core/grad_mode.h>
#include <cmath>

#include "workers/trainer/host_kernels.hpp"
#include "workers/trainer/layer_math.hpp"

namespace fairsweep {
namespace {

constexpr double k_beta_first = 0.9;
constexpr double k_beta_second = 0.999;
constexpr double k_epsilon = 1e-8;

/// 1 - beta^t, and the square root of the second: moved out of the elementwise work, the step is
/// rate c2 / c1 * m / (sqrt(v) + epsilon c2).
struct Corrections {
  double first, second;
};

Corrections corrections_at(std::int64_t step) {
  const auto t = static_cast<double>(step);
  return {1 - std::pow(k_beta_first, t), std::sqrt(1 - std::pow(k_beta_second, t))};
}

/// One pass over memory a trial.
template <typename Number>
void step_on_host(const at::Tensor& parameters, const at::Tensor& gradient, OptimizerState& state,
                  const StepSizes& sizes) {
  const Corrections corrections = corrections_at(state.steps);
  const std::int64_t count = parameters.size(1);
  const auto* const rate = sizes.learning_rate.data_ptr<Number>();
  const auto* const keep = sizes.keep.data_ptr<Number>();
  for (std::int64_t k = 0; k < parameters.size(0); ++k) {
    const Number* const row = gradient.data_ptr<Number>() + k * count;
    HostAdamW<Number> numbers;
    numbers.keep = keep[k];
    numbers.rate = rate[k] * static_cast<Number>(corrections.second / corrections.first);
    numbers.epsilon = static_cast<Number>(k_epsilon * corrections.second);
    numbers.beta_first = static_cast<Number>(k_beta_first);
    numbers.beta_second = static_cast<Number>(k_beta_second);
    if (sizes.clip_norm.defined()) {
      const auto limit = static_cast<double>(sizes.clip_norm.data_ptr<Number>()[k]);
      const double norm = std::isinf(limit) ? 0 : std::sqrt(host_squared_norm(row, count));
      numbers.gradient_factor = norm > limit ? static_cast<Number>(limit / norm) : Number{1};
    }
    host_adamw(parameters.data_ptr<Number>() + k * count, row, state.first.data_ptr<Number>() + k * count,
               state.second.data_ptr<Number>() + k * count, count, numbers);
  }
}

void step_elsewhere(const at::Tensor& parameters, const at::Tensor& gradient, OptimizerState& state,
                    const StepSizes& sizes) {
  if (sizes.clip_norm.defined()) {
    const at::Tensor norm = (gradient * gradient).sum(-1, true).sqrt();
    // A choice, not a minimum: where there is no clipping the factor is 1 even if the norm overflows.
    gradient.mul_(at::where(norm.gt(sizes.clip_norm), sizes.clip_norm / norm, at::ones({}, norm.options())));
  }
  parameters.mul_(sizes.keep);
  state.first.lerp_(gradient, 1 - k_beta_first);
  state.second.mul_(k_beta_second).addcmul_(gradient, gradient, 1 - k_beta_second);
  const Corrections corrections = corrections_at(state.steps);
  at::Tensor scratch = gradient;
  at::sqrt_out(scratch, state.second);
  scratch.add_(k_epsilon * corrections.second);
  at::div_out(scratch, state.first, scratch);
  scratch.mul_(sizes.learning_rate * (corrections.second / corrections.first));
  parameters.sub_(scratch);
}

}  // namespace

void adamw_step(const at::Tensor& parameters, const at::Tensor& gradient, OptimizerState& state,
                const StepSizes& sizes) {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  state.steps += 1;
  if (!on_host(parameters)) {
    step_elsewhere(parameters, gradient, state, sizes);
  } else if (parameters.scalar_type() == at::kFloat) {
    step_on_host<float>(parameters, gradient, state, sizes);
  } else {
    step_on_host<double>(parameters, gradient, state, sizes);
  }
}

}  // namespace fairsweep
