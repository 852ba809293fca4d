#pragma once

#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

/// r(u, x) = (phi(x) V) w_u with w_u = softmax(v_u): every person's reward is a mean of B rewards. The own numbers are
/// v_u. The paper's form has frozen features for phi, which is the linear head.
///
/// Source: Bose, Xiong, Chi, Du, Xiao, Fazel, LoRe: Personalizing LLMs via Low-Rank Reward Modeling (arXiv 2504.14439).
/// Its pull of V towards a given model is left out: there is none here.
class LowRankRewards : public UserHead {
 public:
  /// @param rank B, at least 1
  explicit LowRankRewards(std::int64_t rank) : rank_(rank) {}
  [[nodiscard]] std::int64_t own_size() const override { return rank_; }
  [[nodiscard]] std::vector<SharedMatrix> shared(std::int64_t inputs) const override;
  [[nodiscard]] at::Tensor scores(const HeadInput& input, HeadTrace* trace) const override;
  [[nodiscard]] HeadGradient back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                                  const std::vector<at::Tensor>& shared_gradients) const override;
  [[nodiscard]] std::string script(const std::string& own) const override;

 private:
  std::int64_t rank_;
};

}  // namespace fairsweep
