#pragma once

#include <cstdint>

namespace fairsweep {

/// The elementwise work of a training step on the CPU, one pass over memory each, for float and double. At these sizes
/// a pass costs what its memory costs, and a call of LibTorch as much as a thousand values.
///
/// Everything is made of + - * / and square roots, rounded as IEEE 754 says, in an order that is written down here: no
/// fused multiply-add, no library's exp, sums in 16 fixed lanes or row by row. So the bits are those of the formula, on
/// every CPU, whatever instructions are used and however many values there are. Matrices are dense, row after row.

/// values[r][c] <- tanh(values[r][c] + bias[c]); a null bias is 0. The error is about one unit in the last place of 1,
/// also near 0, where no score needs more.
template <typename Number>
void host_tanh_rows(Number* values, const Number* bias, std::int64_t rows, std::int64_t columns);

/// scores[r] = sum_c hidden[r][c] output[c].
template <typename Number>
void host_scores(const Number* hidden, const Number* output, Number* scores, std::int64_t rows, std::int64_t columns);

/// Back through `scores = tanh(sums) . output` with hidden = tanh(sums), given the scores' gradient [rows]:
///   sums_gradient[r][c] = g[r] output[c] (1 - hidden[r][c]^2), output_gradient[c] = sum_r g[r] hidden[r][c].
template <typename Number>
void host_scores_gradient(const Number* hidden, const Number* output, const Number* gradient, Number* sums_gradient,
                          Number* output_gradient, std::int64_t rows, std::int64_t columns);

/// Back through tanh: gradient[i] <- gradient[i] (1 - hidden[i]^2).
template <typename Number>
void host_tanh_gradient(Number* gradient, const Number* hidden, std::int64_t count);

/// sums[c] = sum_r values[r][c].
template <typename Number>
void host_column_sums(const Number* values, Number* sums, std::int64_t rows, std::int64_t columns);

/// Sum of squares, in double over blocks of 512.
template <typename Number>
[[nodiscard]] double host_squared_norm(const Number* values, std::int64_t count);

/// One AdamW step of one trial, see adamw_step.
template <typename Number>
struct HostAdamW {
  Number gradient_factor = 1;  ///< what clipping leaves of the gradient
  Number keep = 1;             ///< 1 - learning rate * weight decay
  Number rate = 0;             ///< learning rate with both bias corrections
  Number epsilon = 0;          ///< with the bias correction of the second moment
  Number beta_first = 0;
  Number beta_second = 0;
};
template <typename Number>
void host_adamw(Number* parameters, const Number* gradient, Number* first, Number* second, std::int64_t count,
                const HostAdamW<Number>& numbers);

}  // namespace fairsweep
