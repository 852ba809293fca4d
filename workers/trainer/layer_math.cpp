#include "workers/trainer/layer_math.hpp"

#include <ATen/Dispatch.h>

#include "workers/trainer/host_kernels.hpp"

namespace fairsweep {

bool on_host(const at::Tensor& tensor) {
  return tensor.is_cpu() && (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kDouble);
}

void tanh_layer(const at::Tensor& sums, const at::Tensor& bias) {
  if (!on_host(sums)) {
    if (bias.defined())
      sums.add_(bias);
    sums.mul_(2).sigmoid_().mul_(2).sub_(1);  // tanh(x) = 2 sigmoid(2 x) - 1
    return;
  }
  const std::int64_t rows = sums.size(1);
  const std::int64_t columns = sums.size(2);
  AT_DISPATCH_FLOATING_TYPES(sums.scalar_type(), "tanh_layer", [&] {
    for (std::int64_t k = 0; k < sums.size(0); ++k) {
      const scalar_t* const shift = bias.defined() ? bias.data_ptr<scalar_t>() + k * bias.stride(0) : nullptr;
      host_tanh_rows<scalar_t>(sums.data_ptr<scalar_t>() + k * rows * columns, shift, rows, columns);
    }
  });
}

at::Tensor output_scores(const at::Tensor& hidden, const at::Tensor& output) {
  if (!on_host(hidden))
    return at::bmm(hidden, output).squeeze(2);
  const std::int64_t rows = hidden.size(1);
  const std::int64_t columns = hidden.size(2);
  at::Tensor scores = at::empty({hidden.size(0), rows}, hidden.options());
  AT_DISPATCH_FLOATING_TYPES(hidden.scalar_type(), "output_scores", [&] {
    for (std::int64_t k = 0; k < hidden.size(0); ++k) {
      host_scores<scalar_t>(hidden.data_ptr<scalar_t>() + k * rows * columns,
                            output.data_ptr<scalar_t>() + k * output.stride(0), scores.data_ptr<scalar_t>() + k * rows,
                            rows, columns);
    }
  });
  return scores;
}

at::Tensor back_from_scores(const at::Tensor& gradient, const at::Tensor& hidden, const at::Tensor& output,
                            const at::Tensor& output_gradient) {
  if (!on_host(hidden)) {
    const at::Tensor column = gradient.unsqueeze(2);
    output_gradient.copy_(at::bmm(hidden.transpose(1, 2), column));
    at::Tensor answer = column * output.transpose(1, 2);
    back_through_tanh(answer, hidden);
    return answer;
  }
  const std::int64_t rows = hidden.size(1);
  const std::int64_t columns = hidden.size(2);
  at::Tensor answer = at::empty_like(hidden);
  AT_DISPATCH_FLOATING_TYPES(hidden.scalar_type(), "back_from_scores", [&] {
    for (std::int64_t k = 0; k < hidden.size(0); ++k) {
      const std::int64_t first = k * rows * columns;
      host_scores_gradient<scalar_t>(
          hidden.data_ptr<scalar_t>() + first, output.data_ptr<scalar_t>() + k * output.stride(0),
          gradient.data_ptr<scalar_t>() + k * rows, answer.data_ptr<scalar_t>() + first,
          output_gradient.data_ptr<scalar_t>() + k * output_gradient.stride(0), rows, columns);
    }
  });
  return answer;
}

void back_through_tanh(const at::Tensor& gradient, const at::Tensor& hidden) {
  if (!on_host(gradient)) {
    gradient.mul_(1 - hidden * hidden);
    return;
  }
  AT_DISPATCH_FLOATING_TYPES(gradient.scalar_type(), "back_through_tanh", [&] {
    host_tanh_gradient<scalar_t>(gradient.data_ptr<scalar_t>(), hidden.data_ptr<scalar_t>(), gradient.numel());
  });
}

void sum_rows(const at::Tensor& gradient, const at::Tensor& bias_gradient) {
  if (!on_host(gradient)) {
    bias_gradient.copy_(gradient.sum(1, true));
    return;
  }
  const std::int64_t rows = gradient.size(1);
  const std::int64_t columns = gradient.size(2);
  AT_DISPATCH_FLOATING_TYPES(gradient.scalar_type(), "sum_rows", [&] {
    for (std::int64_t k = 0; k < gradient.size(0); ++k) {
      host_column_sums<scalar_t>(gradient.data_ptr<scalar_t>() + k * rows * columns,
                                 bias_gradient.data_ptr<scalar_t>() + k * bias_gradient.stride(0), rows, columns);
    }
  });
}

}  // namespace fairsweep
