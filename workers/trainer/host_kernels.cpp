#include "workers/trainer/host_kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

// Each function is compiled for three instruction sets and chosen when the program starts.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define FAIRSWEEP_EVERY_CPU __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FAIRSWEEP_EVERY_CPU
#endif
#define FAIRSWEEP_INLINE [[gnu::always_inline]] inline

namespace fairsweep {
namespace {

constexpr std::int64_t k_lanes = 16;
constexpr std::int64_t k_norm_block = 512;

/// What exp of a type is made of: x = n log 2 + r with |r| <= log(2) / 2, Taylor's series in r, and 2^n from the bits.
template <typename Number>
struct ExpParts;

template <>
struct ExpParts<float> {
  using Bits = std::uint32_t;
  static constexpr int k_mantissa = 23;
  static constexpr Bits k_bias = 127;
  static constexpr int k_terms = 7;                 // the next is below 6e-9
  static constexpr float k_least = -87.0F;          // its exp is still a normal number
  static constexpr float k_rounder = 0x1.8p23F;     // adding it rounds to a whole number, in the low bits
  static constexpr float k_log2_high = 0x1.63p-1F;  // few bits: times n it is exact
};

template <>
struct ExpParts<double> {
  using Bits = std::uint64_t;
  static constexpr int k_mantissa = 52;
  static constexpr Bits k_bias = 1023;
  static constexpr int k_terms = 13;  // the next is below 5e-18
  static constexpr double k_least = -708.0;
  static constexpr double k_rounder = 0x1.8p52;
  static constexpr double k_log2_high = 0x1.62e42fep-1;
};

constexpr long double k_log2 = 0.693147180559945309417232121458176568L;

/// exp(x) for x <= 0; below k_least it stays where it is there. NaN stays NaN.
template <typename Number>
FAIRSWEEP_INLINE Number exp_of_negative(Number x) {
  using Parts = ExpParts<Number>;
  using Bits = typename Parts::Bits;
  constexpr auto k_log2_low = static_cast<Number>(k_log2 - static_cast<long double>(Parts::k_log2_high));
  x = x < Parts::k_least ? Parts::k_least : x;
  const Number shifted = x * static_cast<Number>(1 / k_log2) + Parts::k_rounder;
  const Number n = shifted - Parts::k_rounder;
  const Number r = (x - n * Parts::k_log2_high) - n * k_log2_low;
  Number factorial = 1;
  std::array<Number, Parts::k_terms + 1> coefficient{};
  coefficient[0] = 1;
  for (int i = 1; i <= Parts::k_terms; ++i) {
    factorial *= static_cast<Number>(i);
    coefficient[static_cast<std::size_t>(i)] = 1 / factorial;
  }
  Number sum = coefficient[Parts::k_terms];
  for (int i = Parts::k_terms - 1; i >= 0; --i)
    sum = sum * r + coefficient[static_cast<std::size_t>(i)];
  // The low bits of `shifted` are n; what is above them leaves by the shift.
  const Bits power = (std::bit_cast<Bits>(shifted) + Parts::k_bias) << Parts::k_mantissa;
  return sum * std::bit_cast<Number>(power);
}

template <typename Number>
FAIRSWEEP_INLINE Number tanh_of(Number x) {
  const Number t = exp_of_negative(-2 * std::abs(x));
  return std::copysign((1 - t) / (1 + t), x);
}

template <typename Number>
FAIRSWEEP_INLINE void tanh_rows(Number* values, const Number* bias, std::int64_t rows, std::int64_t columns) {
  if (bias == nullptr) {
    for (std::int64_t i = 0; i < rows * columns; ++i)
      values[i] = tanh_of(values[i]);
    return;
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    Number* row = values + r * columns;
#pragma GCC ivdep
    for (std::int64_t c = 0; c < columns; ++c)
      row[c] = tanh_of(row[c] + bias[c]);
  }
}

/// Sum of term(i), i < count, in lanes i mod 16 that are added in pairs.
template <typename Number, typename Term>
FAIRSWEEP_INLINE Number sum_in_lanes(std::int64_t count, const Term& term) {
  std::array<Number, k_lanes> lane{};
  const std::int64_t whole = count / k_lanes * k_lanes;
  for (std::int64_t i = 0; i < whole; i += k_lanes) {
    for (std::int64_t j = 0; j < k_lanes; ++j)
      lane[static_cast<std::size_t>(j)] += term(i + j);
  }
  for (std::int64_t i = whole; i < count; ++i)
    lane[static_cast<std::size_t>(i - whole)] += term(i);
  for (std::size_t width = k_lanes / 2; width > 0; width /= 2) {
    for (std::size_t j = 0; j < width; ++j)
      lane[j] += lane[j + width];
  }
  return lane[0];
}

template <typename Number>
FAIRSWEEP_INLINE void scores(const Number* hidden, const Number* output, Number* answer, std::int64_t rows,
                             std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const Number* row = hidden + r * columns;
    answer[r] = sum_in_lanes<Number>(columns, [row, output](std::int64_t c) { return row[c] * output[c]; });
  }
}

template <typename Number>
FAIRSWEEP_INLINE void scores_gradient(const Number* hidden, const Number* output, const Number* gradient,
                                      Number* sums_gradient, Number* output_gradient, std::int64_t rows,
                                      std::int64_t columns) {
  std::fill(output_gradient, output_gradient + columns, Number{0});
  for (std::int64_t r = 0; r < rows; ++r) {
    const Number* row = hidden + r * columns;
    Number* answer = sums_gradient + r * columns;
    const Number g = gradient[r];
#pragma GCC ivdep
    for (std::int64_t c = 0; c < columns; ++c) {
      const Number h = row[c];
      answer[c] = g * output[c] * (1 - h * h);
      output_gradient[c] += g * h;
    }
  }
}

template <typename Number>
FAIRSWEEP_INLINE void tanh_gradient(Number* gradient, const Number* hidden, std::int64_t count) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < count; ++i)
    gradient[i] *= 1 - hidden[i] * hidden[i];
}

template <typename Number>
FAIRSWEEP_INLINE void column_sums(const Number* values, Number* sums, std::int64_t rows, std::int64_t columns) {
  std::fill(sums, sums + columns, Number{0});
  for (std::int64_t r = 0; r < rows; ++r) {
    const Number* row = values + r * columns;
#pragma GCC ivdep
    for (std::int64_t c = 0; c < columns; ++c)
      sums[c] += row[c];
  }
}

template <typename Number>
FAIRSWEEP_INLINE double squared_norm(const Number* values, std::int64_t count) {
  double sum = 0;
  for (std::int64_t first = 0; first < count; first += k_norm_block) {
    const Number* block = values + first;
    sum += static_cast<double>(sum_in_lanes<Number>(std::min(k_norm_block, count - first),
                                                    [block](std::int64_t i) { return block[i] * block[i]; }));
  }
  return sum;
}

template <typename Number>
FAIRSWEEP_INLINE void adamw(Number* parameters, const Number* gradient, Number* first, Number* second,
                            std::int64_t count, const HostAdamW<Number>& numbers) {
  const HostAdamW<Number> n = numbers;
  const Number rest_first = 1 - n.beta_first;
  const Number rest_second = 1 - n.beta_second;
#pragma GCC ivdep
  for (std::int64_t i = 0; i < count; ++i) {
    const Number g = gradient[i] * n.gradient_factor;
    const Number m = first[i] + rest_first * (g - first[i]);
    const Number v = n.beta_second * second[i] + rest_second * (g * g);
    first[i] = m;
    second[i] = v;
    parameters[i] = n.keep * parameters[i] - n.rate * (m / (std::sqrt(v) + n.epsilon));
  }
}

}  // namespace

// The attribute wants plain functions, one for each type.
#define FAIRSWEEP_FOR_TYPE(Number)                                                                                    \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU void host_tanh_rows(Number* values, const Number* bias, std::int64_t rows,                      \
                                          std::int64_t columns) {                                                     \
    tanh_rows(values, bias, rows, columns);                                                                           \
  }                                                                                                                   \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU void host_scores(const Number* hidden, const Number* output, Number* answer, std::int64_t rows, \
                                       std::int64_t columns) {                                                        \
    scores(hidden, output, answer, rows, columns);                                                                    \
  }                                                                                                                   \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU void host_scores_gradient(const Number* hidden, const Number* output, const Number* gradient,   \
                                                Number* sums_gradient, Number* output_gradient, std::int64_t rows,    \
                                                std::int64_t columns) {                                               \
    scores_gradient(hidden, output, gradient, sums_gradient, output_gradient, rows, columns);                         \
  }                                                                                                                   \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU void host_tanh_gradient(Number* gradient, const Number* hidden, std::int64_t count) {           \
    tanh_gradient(gradient, hidden, count);                                                                           \
  }                                                                                                                   \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU void host_column_sums(const Number* values, Number* sums, std::int64_t rows,                    \
                                            std::int64_t columns) {                                                   \
    column_sums(values, sums, rows, columns);                                                                         \
  }                                                                                                                   \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU double host_squared_norm(const Number* values, std::int64_t count) {                            \
    return squared_norm(values, count);                                                                               \
  }                                                                                                                   \
  template <>                                                                                                         \
  FAIRSWEEP_EVERY_CPU void host_adamw(Number* parameters, const Number* gradient, Number* first, Number* second,      \
                                      std::int64_t count, const HostAdamW<Number>& numbers) {                         \
    adamw(parameters, gradient, first, second, count, numbers);                                                       \
  }

FAIRSWEEP_FOR_TYPE(float)
FAIRSWEEP_FOR_TYPE(double)

}  // namespace fairsweep
