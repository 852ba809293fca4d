#include "workers/trainer/user_models/low_rank_rewards.hpp"

#include "workers/trainer/user_models/head_math.hpp"

namespace fairsweep {

std::vector<SharedMatrix> LowRankRewards::shared(std::int64_t inputs) const {
  return {{"feature_map", true, inputs, rank_, inverse_root(inputs)}};
}

at::Tensor LowRankRewards::scores(const HeadInput& input, HeadTrace* trace) const {
  const at::Tensor rewards = by_candidate(head_features(input), input.candidates);
  const at::Tensor shares = shares_of(input.own);
  if (trace != nullptr)
    *trace = {rewards, shares};
  return (rewards * shares.unsqueeze(1)).sum(-1);
}

HeadGradient LowRankRewards::back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                                  const std::vector<at::Tensor>& shared_gradients) const {
  const at::Tensor& shares = trace[1];
  HeadGradient gradient;
  gradient.own = shares_back(shares, sum_over_candidates(scores_gradient, trace[0]));
  const at::Tensor of_rewards = scores_gradient.unsqueeze(-1) * shares.unsqueeze(1);
  gradient.phi = features_back(input, of_rewards.flatten(1, 2), shared_gradients);
  return gradient;
}

std::string LowRankRewards::script(const std::string& own) const {
  return "    return (hidden.matmul(" + own + "feature_map.t()) * torch.softmax(shown, -1)).sum(-1)\n";
}

}  // namespace fairsweep
