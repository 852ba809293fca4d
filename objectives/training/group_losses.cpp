#include "objectives/training/group_losses.hpp"

#include <string>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

at::Tensor group_shares(const PackBatch& batch, std::int64_t groups) {
  const at::Tensor codes = at::arange(groups, batch.group.options()).view({1, groups, 1});
  const at::Tensor weight = batch.group.unsqueeze(1).eq(codes) * batch.weight.unsqueeze(1);
  const at::Tensor sum = weight.sum(-1, true);
  return weight / at::where(sum.gt(0), sum, at::ones({}, sum.options()));
}

at::Tensor group_losses(const PackBatch& batch, std::int64_t groups) {
  return (group_shares(batch, groups) * batch.loss.unsqueeze(1)).sum(-1);
}

void require_groups(std::string_view method, const TrainingFacts& facts) {
  if (!facts.groups.empty())
    return;
  throw UserError(ExitCode::configuration,
                  "method " + std::string(method) +
                      " needs groups, and the data have none; choose another method or set data.groups");
}

}  // namespace fairsweep
