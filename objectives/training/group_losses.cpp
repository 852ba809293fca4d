#include "objectives/training/group_losses.hpp"

#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

at::Tensor group_shares(const PackBatch& batch, std::int64_t groups) {
  const at::Tensor codes = at::arange(groups, batch.group.options()).view({1, groups, 1});
  const at::Tensor weight = batch.group.unsqueeze(1).eq(codes) * batch.weight.unsqueeze(1);
  return weight / divisor(weight.sum(-1, true));
}

at::Tensor losses_of(const at::Tensor& shares, const at::Tensor& loss) { return (shares * loss.unsqueeze(1)).sum(-1); }

at::Tensor present_in(const at::Tensor& shares) { return shares.gt(0).any(-1); }

at::Tensor group_losses(const PackBatch& batch, std::int64_t groups) {
  return losses_of(group_shares(batch, groups), batch.loss);
}

}  // namespace fairsweep
