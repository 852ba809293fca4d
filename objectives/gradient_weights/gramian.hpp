#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "objectives/gradient_weights/square_matrix.hpp"

namespace fairsweep {

/// Gradients of several losses as far as their lengths and angles go, which is all that the methods of this folder
/// read.
struct Gradients {
  std::vector<double> lengths;  ///< [P], > 0
  SquareMatrix cosines;         ///< [P, P], symmetric, 1 on the diagonal, within [-1, 1]

  [[nodiscard]] std::size_t count() const { return lengths.size(); }
  [[nodiscard]] double greatest_length() const;
  [[nodiscard]] double least_length() const;
};

/// G = J J^T for L losses with gradients g_1 .. g_L, the rows of J.
///
/// Two rules hold for every method, because every method weighs through this class:
///   * A loss whose gradient is exactly zero takes no part: its weight is 0, and the others are weighed as if it
///     were not there. Such a loss is one without a comparison in the batch, and no step can harm it to first order.
///     Without any gradient at all every weight is 0.
///   * Where G holds a NaN, an infinity or a negative square, or where an answer would not be finite, all weights are
///     NaN, so that the trial fails as a value.
class Gramian {
 public:
  /// @param values  [L, L] row-major, entry (i, j) = <g_i, g_j>. Positive semi-definite up to the rounding of
  ///        doubles: sum the products in double, also where gradients are floats, or directions are good to 1e-4
  ///        only. Half of what is above and below the diagonal counts.
  /// Cost: O(L^2). @throws InternalError where the number of values is not L^2.
  Gramian(std::span<const double> values, std::size_t losses);

  [[nodiscard]] std::size_t losses() const { return losses_; }
  /// Which losses have a gradient: `gradients()` holds those, in this order.
  [[nodiscard]] const std::vector<std::size_t>& present() const { return present_; }
  [[nodiscard]] const Gradients& gradients() const { return gradients_; }

  /// G + share * trace(G) * I, of the losses that have a gradient. Makes an ill-conditioned G harmless, and the answer
  /// that of another problem. @throws InternalError where `share` is negative or not finite.
  [[nodiscard]] Gramian with_ridge(double share) const;

  /// Weights of all L losses by the rules above.
  /// @param rule  weights [P] of the gradients that are there; called with one at least
  template <typename Rule>
  [[nodiscard]] std::vector<double> weigh(Rule rule) const {
    if (!usable_) {
      return undefined();
    }
    return present_.empty() ? std::vector<double>(losses_, 0.0) : spread(rule(gradients_));
  }

 private:
  [[nodiscard]] std::vector<double> undefined() const;
  [[nodiscard]] std::vector<double> spread(std::span<const double> weights) const;

  std::size_t losses_;
  bool usable_ = true;
  std::vector<std::size_t> present_;
  Gradients gradients_;
};

}  // namespace fairsweep
