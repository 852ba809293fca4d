#include "workers/trainer/gradient_rows.hpp"

namespace fairsweep {

void GradientRows::resize(const ParameterLayout& layout, std::int64_t losses, const at::Tensor& parameters) {
  if (rows_.defined() && rows_.size(0) == losses && rows_.size(1) == parameters.size(0))
    return;
  rows_ = at::zeros({losses, parameters.size(0), parameters.size(1)}, parameters.options());
  blocks_.clear();
  for (std::int64_t loss = 0; loss < losses; ++loss)
    blocks_.push_back(block_views(layout, rows_.select(0, loss)));
}

at::Tensor GradientRows::gramian() const {
  const at::Tensor of_trial = rows_.transpose(0, 1).to(at::kDouble);  // [K, L, P]
  return at::bmm(of_trial, of_trial.transpose(1, 2)).cpu();
}

void GradientRows::combine(const at::Tensor& weights, const at::Tensor& gradient) const {
  gradient.copy_(at::bmm(weights.unsqueeze(1), rows_.transpose(0, 1)).squeeze(1));
}

}  // namespace fairsweep
