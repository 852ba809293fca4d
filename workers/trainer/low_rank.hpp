#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/parameter_layout.hpp"

namespace fairsweep {

/// A stage that moves each weight matrix W of a model by a product of small rank: W = W_0 + A B with A [inputs, r] and
/// B [r, outputs]. It trains a row of numbers of its own, the factors, and makes the model's parameters of them; so
/// scoring, caching and whoever reads the stage see a model like any other.
///
/// Matrices with a side of at most r would have more numbers in factors than they have themselves: these, biases and
/// outputs among them, are trained as they are, and so is the table of users' embeddings, which is no map between
/// layers. With r no smaller than every matrix's smaller side the numbers are therefore the parameters themselves.
///
/// Source: Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen, LoRA (ICLR 2022), section 4.1, without the scale
/// alpha / r (it is 1): under AdamW that is a factor on the learning rate.
class LowRank {
 public:
  /// @param rank r, at least 1
  LowRank(const ParameterLayout& layout, std::int64_t rank);

  /// Of a row of trained numbers; a multiple of 32.
  [[nodiscard]] std::int64_t size() const { return numbers_.size; }

  /// Numbers that make exactly the parameters `base`: factors A normal with deviation 1 / sqrt(inputs), B zero, and the
  /// other blocks as in `base`. [size()] on the CPU. @param base [P] on the CPU
  [[nodiscard]] at::Tensor start(const at::Tensor& base, const RandomKey& key) const;

  /// Writes the parameters [K, P] that the numbers [K, size()] make of `base` [K, P].
  void build(const at::Tensor& base, const at::Tensor& numbers, const at::Tensor& parameters) const;

  /// Writes the gradient of the numbers, [K, size()], given the gradient of the parameters, [K, P]: dA = dW B^T and
  /// dB = A^T dW. What is between the blocks of `result` is left alone.
  void pull_back(const at::Tensor& gradient, const at::Tensor& numbers, const at::Tensor& result) const;

 private:
  /// Where a block of the model is in `numbers_`: its factors at `first` and `first` + 1, or itself.
  struct Part {
    std::size_t first = 0;
    bool factored = false;
  };
  ParameterLayout layout_, numbers_;
  std::vector<Part> parts_;  ///< of the blocks of `layout_`
};

}  // namespace fairsweep
