#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/parameter_layout.hpp"

namespace fairsweep {

/// Gradients of L losses of K trials, for methods that combine them.
class GradientRows {
 public:
  /// Room for L rows of each of K trials; kept from step to step as long as neither changes.
  void resize(const ParameterLayout& layout, std::int64_t losses, const at::Tensor& parameters);
  /// Blocks of row l, [K, rows, columns] each, to be written by RewardModel::back.
  [[nodiscard]] const std::vector<at::Tensor>& blocks(std::int64_t loss) const {
    return blocks_[static_cast<std::size_t>(loss)];
  }
  /// Row l, [K, P].
  [[nodiscard]] at::Tensor row(std::int64_t loss) const { return rows_.select(0, loss); }
  /// Products of the rows, [K, L, L] double on the host, once for the pack. In double, because directions that nearly
  /// cancel are good to four digits in float.
  [[nodiscard]] at::Tensor gramian() const;
  /// Writes the weighted sum of the rows, [K, P], to `gradient`. @param weights [K, L] of the parameters' type
  void combine(const at::Tensor& weights, const at::Tensor& gradient) const;

 private:
  at::Tensor rows_;  ///< [L, K, P]; 0 between the blocks
  std::vector<std::vector<at::Tensor>> blocks_;
};

}  // namespace fairsweep
