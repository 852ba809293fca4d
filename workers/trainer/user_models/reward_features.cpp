#include "workers/trainer/user_models/reward_features.hpp"

#include "workers/trainer/user_models/head_math.hpp"

namespace fairsweep {

std::vector<SharedMatrix> RewardFeatures::shared(std::int64_t inputs) const {
  return {{"feature_map", true, inputs, size_, inverse_root(inputs)}};
}

at::Tensor RewardFeatures::scores(const HeadInput& input, HeadTrace* trace) const {
  const at::Tensor features = by_candidate(head_features(input), input.candidates);
  if (trace != nullptr)
    *trace = {features};
  return (features * input.own.unsqueeze(1)).sum(-1);
}

HeadGradient RewardFeatures::back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                                  const std::vector<at::Tensor>& shared_gradients) const {
  HeadGradient gradient;
  gradient.own = sum_over_candidates(scores_gradient, trace.front());
  const at::Tensor of_features = scores_gradient.unsqueeze(-1) * input.own.unsqueeze(1);
  gradient.phi = features_back(input, of_features.flatten(1, 2), shared_gradients);
  return gradient;
}

std::string RewardFeatures::script(const std::string& own) const {
  return "    return (hidden.matmul(" + own + "feature_map.t()) * shown).sum(-1)\n";
}

}  // namespace fairsweep
