#pragma once

#include <ATen/ATen.h>

namespace fairsweep {

/// The layers of an mlp head for K trials, R rows and H hidden units, forward and back. On the CPU each is one pass
/// over memory (host_kernels.hpp); elsewhere it is made of LibTorch's operations. Values are dense but for views of
/// parameters and their gradients, [K, 1, H] and [K, H, 1], whose trials may lie apart.

/// sums [K, R, H] <- tanh(sums + bias); `bias` [K, 1, H] may be undefined.
void tanh_layer(const at::Tensor& sums, const at::Tensor& bias);

/// hidden [K, R, H] times output [K, H, 1]: [K, R].
[[nodiscard]] at::Tensor output_scores(const at::Tensor& hidden, const at::Tensor& output);

/// Back through output_scores(tanh(sums), output), given the scores' gradient [K, R]: returns the gradient of the sums,
/// [K, R, H], and writes the output's.
[[nodiscard]] at::Tensor back_from_scores(const at::Tensor& gradient, const at::Tensor& hidden,
                                          const at::Tensor& output, const at::Tensor& output_gradient);

/// Back through tanh: gradient [K, R, H] <- gradient (1 - hidden^2).
void back_through_tanh(const at::Tensor& gradient, const at::Tensor& hidden);

/// Writes the sums over the rows of gradient [K, R, H] to bias_gradient [K, 1, H].
void sum_rows(const at::Tensor& gradient, const at::Tensor& bias_gradient);

/// Does the CPU's own code serve this tensor?
[[nodiscard]] bool on_host(const at::Tensor& tensor);

}  // namespace fairsweep
