#include "workers/trainer/user_models/ideal_point.hpp"

#include "workers/trainer/user_models/head_math.hpp"

namespace fairsweep {

std::vector<SharedMatrix> IdealPoint::shared(std::int64_t inputs) const {
  // Points and candidates start at distances of about 1 from the middle, whatever d, so that scores start small.
  return {{"feature_map", true, inputs, size_, inverse_root(inputs) * inverse_root(size_)},
          {"prototypes", false, prototypes_, size_, inverse_root(size_)}};
}

at::Tensor IdealPoint::scores(const HeadInput& input, HeadTrace* trace) const {
  const at::Tensor shares = shares_of(input.own);
  const at::Tensor point = at::bmm(shares, input.shared[1]);
  const at::Tensor away = by_candidate(head_features(input), input.candidates) - point.unsqueeze(1);
  if (trace != nullptr)
    *trace = {away, shares};
  return (away * away).sum(-1).neg();
}

HeadGradient IdealPoint::back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                              const std::vector<at::Tensor>& shared_gradients) const {
  const at::Tensor& away = trace[0];
  const at::Tensor& shares = trace[1];
  const at::Tensor twice = scores_gradient * 2;
  const at::Tensor of_point = sum_over_candidates(twice, away);
  HeadGradient gradient;
  gradient.own = shares_back(shares, at::bmm(of_point, input.shared[1].transpose(1, 2)));
  if (shared_gradients.empty())
    return gradient;
  at::Tensor of_prototypes = shared_gradients[1];
  at::bmm_out(of_prototypes, shares.transpose(1, 2), of_point);
  const at::Tensor of_features = away * twice.neg().unsqueeze(-1);
  gradient.phi = features_back(input, of_features.flatten(1, 2), shared_gradients);
  return gradient;
}

std::string IdealPoint::script(const std::string& own) const {
  return "    point = torch.softmax(shown, -1).matmul(" + own +
         "prototypes.t())\n"
         "    away = hidden.matmul(" +
         own +
         "feature_map.t()) - point\n"
         "    return -(away * away).sum(-1)\n";
}

}  // namespace fairsweep
