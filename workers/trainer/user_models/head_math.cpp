#include "workers/trainer/user_models/head_math.hpp"

#include <algorithm>
#include <cmath>

namespace fairsweep {

double inverse_root(std::int64_t count) {
  return 1.0 / std::sqrt(static_cast<double>(std::max<std::int64_t>(1, count)));
}

at::Tensor head_features(const HeadInput& input) { return at::bmm(input.phi, input.shared.front()); }

at::Tensor by_candidate(const at::Tensor& features, std::int64_t candidates) {
  return features.view({features.size(0), candidates, features.size(1) / candidates, features.size(2)});
}

at::Tensor features_back(const HeadInput& input, const at::Tensor& features_gradient,
                         const std::vector<at::Tensor>& shared_gradients) {
  if (shared_gradients.empty())
    return {};
  at::Tensor map_gradient = shared_gradients.front();
  at::bmm_out(map_gradient, input.phi.transpose(1, 2), features_gradient);
  return at::bmm(features_gradient, input.shared.front().transpose(1, 2));
}

at::Tensor sum_over_candidates(const at::Tensor& weight, const at::Tensor& values) {
  at::Tensor sum = values.select(1, 0) * weight.select(1, 0).unsqueeze(-1);
  for (std::int64_t j = 1; j < values.size(1); ++j)
    sum.addcmul_(values.select(1, j), weight.select(1, j).unsqueeze(-1));
  return sum;
}

at::Tensor shares_of(const at::Tensor& logits) {
  const at::Tensor above = at::exp(logits - logits.amax(-1, true));
  return above / above.sum(-1, true);
}

at::Tensor shares_back(const at::Tensor& shares, const at::Tensor& gradient) {
  return shares * (gradient - (shares * gradient).sum(-1, true));
}

}  // namespace fairsweep
