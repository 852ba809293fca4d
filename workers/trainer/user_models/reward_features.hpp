#pragma once

#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

/// r(u, x) = <phi(x) F, w_u>: d features of rewards for everybody, and how much each counts for a person.
///
/// Source: Barreto, Dumoulin, Mao, Rowland, Perez-Nieves, Shahriari, Dauphin, Precup, Larochelle, Capturing Individual
/// Human Preferences with Reward Features (NeurIPS 2025, arXiv 2503.17338). Convex in w_u for given features.
class RewardFeatures : public UserHead {
 public:
  /// @param size d, at least 1
  explicit RewardFeatures(std::int64_t size) : size_(size) {}
  [[nodiscard]] std::int64_t own_size() const override { return size_; }
  [[nodiscard]] std::vector<SharedMatrix> shared(std::int64_t inputs) const override;
  [[nodiscard]] at::Tensor scores(const HeadInput& input, HeadTrace* trace) const override;
  [[nodiscard]] HeadGradient back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                                  const std::vector<at::Tensor>& shared_gradients) const override;
  [[nodiscard]] std::string script(const std::string& own) const override;

 private:
  std::int64_t size_;
};

}  // namespace fairsweep
