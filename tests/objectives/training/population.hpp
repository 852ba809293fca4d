#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>

// The synthetic environment of Shirali et al. (arXiv 2502.16320, figure 4) as a population: all pairs of 40 offsets on
// a ring, three equally common types. Written down here once more, apart from the generator.
namespace fairsweep::testing {

inline constexpr std::int64_t k_offsets = 40;

/// Rewards of the types, [3, 40]; offset d is column d + 20.
inline at::Tensor ring_rewards() {
  constexpr std::array<double, 3> k_shift = {-10, 0, 10};
  constexpr std::array<double, 3> k_rate = {0.075, 0.1, 0.075};
  constexpr std::array<double, 3> k_scale = {4, 1.5, 4};
  at::Tensor rewards = at::empty({3, k_offsets}, at::kDouble);
  for (std::size_t type = 0; type < 3; ++type) {
    for (std::int64_t column = 0; column < k_offsets; ++column) {
      const double apart = std::fabs(static_cast<double>(column - 20) - k_shift[type]);
      const double distance = std::min(apart, k_offsets - apart);
      rewards[static_cast<std::int64_t>(type)][column] = k_scale[type] * std::max(0.0, 1 - k_rate[type] * distance);
    }
  }
  return rewards;
}

/// Differences of a table's entries, [..., 40, 40]: row minus column.
inline at::Tensor differences(const at::Tensor& table) { return table.unsqueeze(-1) - table.unsqueeze(-2); }

inline double at_offset(const at::Tensor& table, std::int64_t offset) { return table[offset + 20].item<double>(); }

/// Share of the pairs of different entries that `table` puts in the order of `truth`; pairs that the truth ties are
/// left out.
inline double share_ordered(const at::Tensor& table, const at::Tensor& truth) {
  const at::Tensor wanted = differences(truth);
  const at::Tensor judged = wanted.abs().gt(1e-9);
  const at::Tensor right = differences(table).sign().eq(wanted.sign()).logical_and(judged);
  return right.sum().item<double>() / judged.sum().item<double>();
}

/// Minimises `loss` over a table of `size` entries from `start`, by Adam with a falling step; centred.
inline at::Tensor minimised(const at::Tensor& start, const std::function<at::Tensor(const at::Tensor&)>& loss,
                            int steps = 1200, double rate = 0.02) {
  at::Tensor table = start.clone();
  at::Tensor first = at::zeros_like(table);
  at::Tensor second = at::zeros_like(table);
  for (int step = 1; step <= steps; ++step) {
    at::Tensor variable = table.detach().clone().requires_grad_(true);
    loss(variable).backward();
    const at::Tensor gradient = variable.grad();
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient * gradient;
    const double now = rate * (1 - static_cast<double>(step) / (steps + 1));
    table = table - now * (first / (1 - std::pow(0.9, step))) / ((second / (1 - std::pow(0.999, step))).sqrt() + 1e-12);
  }
  return table - table.mean();
}

}  // namespace fairsweep::testing
