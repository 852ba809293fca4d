#include "objectives/gradient_weights/nash_mtl.hpp"

#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/growing_factor.hpp"
#include "objectives/gradient_weights/shortest_combination.hpp"

namespace fairsweep {

namespace {

/// Squared length in the hull of the unit gradients below which it holds 0 as far as doubles can tell.
constexpr double k_stationary = 1e-14;
constexpr int k_most_steps = 200;
/// A full step from here leaves the square of it.
constexpr double k_last_decrement = 1e-9;

/// Whether no step improves every loss.
bool is_stationary(const SquareMatrix& cosines) {
  const auto weights = shortest_combination({.lengths = std::vector<double>(cosines.size(), 1.0), .cosines = cosines});
  return dot(weights, product(cosines, weights)) <= k_stationary;
}

/// z > 0 with C z = 1/z. As a share of z the Newton step s solves (Z C Z + I) s = 1 - z * C z, whose matrix is well
/// conditioned; the function is self-concordant, so that steps damped by 1 / (1 + decrement) always converge and full
/// steps do once the decrement is small.
std::vector<double> bargain(const SquareMatrix& cosines) {
  const std::size_t count = cosines.size();
  std::vector<double> at(count, 1.0);
  std::vector<double> row(count);
  std::vector<double> excess(count);  // 1 - z * C z
  GrowingFactor factor(count);
  double before = 0;  // the decrement before a full step; 0 for a damped one
  for (int step = 0; step < k_most_steps; ++step) {
    auto forces = product(cosines, at);
    // The best length along this ray, z^T C z = P.
    const double square = dot(at, forces);
    const double stretch = square > 0 ? std::sqrt(static_cast<double>(count) / square) : 1;
    for (std::size_t i = 0; i < count; ++i) {
      at[i] *= stretch;
      excess[i] = 1 - at[i] * (forces[i] * stretch);
    }
    factor.clear();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        row[j] = at[i] * cosines(i, j) * at[j];
      }
      row[i] = at[i] * at[i] + 1;
      if (!(factor.stage(std::span<const double>(row).first(i + 1)) > 0)) {
        return at;  // rounding alone, where the gradients nearly cancel
      }
      factor.accept();
    }
    const auto change = factor.solve(excess);
    const double decrement = std::sqrt(std::max(0.0, dot(excess, change)));
    if (before > 0 && decrement > 0.5 * before) {
      return at;  // a full step takes the decrement from d to (d / (1 - d))^2 at most; what is left is rounding
    }
    const bool full = decrement < 0.25;
    before = full ? decrement : 0;
    for (std::size_t i = 0; i < count; ++i) {
      at[i] *= 1 + (full ? change[i] : change[i] / (1 + decrement));
    }
    if (decrement < k_last_decrement) {
      return at;
    }
  }
  return at;
}

}  // namespace

std::vector<double> nash_mtl_weights(const Gramian& gramian, double max_norm) {
  check(max_norm > 0, "the greatest length of a step is above 0");
  return gramian.weigh([&](const Gradients& gradients) {
    const std::size_t count = gradients.count();
    if (is_stationary(gradients.cosines)) {
      return std::vector<double>(count, 0.0);
    }
    auto weights = bargain(gradients.cosines);
    const double shrink = std::min(1.0, max_norm / std::sqrt(static_cast<double>(count)));
    for (std::size_t i = 0; i < count; ++i) {
      weights[i] = weights[i] * shrink / gradients.lengths[i];
    }
    return weights;
  });
}

}  // namespace fairsweep
