#include "objectives/training/robust_weights.hpp"

#include <tuple>

#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

at::Tensor even_weights(std::int64_t trials, std::int64_t count, const at::TensorOptions& options) {
  at::Tensor weights = at::zeros({trials, padded(count)}, options);
  weights.narrow(1, 0, count).fill_(1.0 / static_cast<double>(count));
  return weights;
}

at::Tensor moved_weights(const at::Tensor& q, const at::Tensor& loss, const at::Tensor& step_size) {
  const at::Tensor whole = at::constant_pad_nd(loss, {0, q.size(1) - loss.size(1)});
  const at::Tensor exponent = step_size.unsqueeze(-1) * whole;
  // Shifted by the largest, which the normalisation cancels: exp cannot overflow.
  const at::Tensor moved = q * (exponent - exponent.amax(-1, true)).exp();
  return moved / moved.sum(-1, true);
}

at::Tensor worst_share_weights(const at::Tensor& reference, const at::Tensor& share, const at::Tensor& worst_share) {
  const at::Tensor order = std::get<1>(at::sort(reference, /*stable=*/true, /*dim=*/-1, /*descending=*/true));
  const at::Tensor in_order = share.gather(1, order);
  const at::Tensor before = in_order.cumsum(-1) - in_order;
  const at::Tensor whole = worst_share.unsqueeze(-1);
  const at::Tensor taken = at::minimum(in_order, (whole - before).clamp_min(0)) / whole;
  return at::zeros_like(share).scatter(1, order, taken);
}

at::Tensor capped_log_weights(const at::Tensor& log_weight, const at::Tensor& cap) {
  const at::Tensor weight = log_weight.exp();
  const at::Tensor descending = std::get<0>(at::sort(weight, /*dim=*/-1, /*descending=*/true));
  const at::Tensor rest = descending.flip(-1).cumsum(-1).flip(-1);  // of the i-th largest and all smaller ones
  const at::Tensor place = at::arange(weight.size(1), weight.options());
  const at::Tensor most = cap.unsqueeze(-1);
  // Were the i largest cut to a threshold t, their share would be the cap each where t = cap (i t + rest_i).
  const at::Tensor left = 1 - place * most;
  const at::Tensor threshold = most * rest / left;
  const at::Tensor wrong = left.le(0).logical_or(threshold.lt(descending));  // the next would be above it, too
  // The first i that is right; where rounding leaves none, all are cut to the smallest.
  const at::Tensor weights = weight.gt(0).sum(-1, true);
  const at::Tensor cut = at::minimum(wrong.to(at::kLong).cumprod(-1).sum(-1, true), weights - 1);
  const at::Tensor limit = threshold.gather(1, cut).expand_as(weight).contiguous();
  return at::where(weight.gt(limit), limit.log(), log_weight);
}

}  // namespace fairsweep
