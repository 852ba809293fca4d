#include "workers/trainer/embedding/pooling.hpp"

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::string_view to_text(Pooling pooling) {
  switch (pooling) {
    case Pooling::mean:
      return "mean";
    case Pooling::last:
      return "last";
    case Pooling::first:
      return "first";
    case Pooling::none:
      return "none";
  }
  return "none";
}

at::Tensor pooled(const at::Tensor& output, const at::Tensor& mask, Pooling pooling) {
  check(output.dim() == 3 && mask.dim() == 2, "pooling needs rows of tokens");
  const at::Tensor values = output.to(at::kFloat);
  if (pooling == Pooling::mean) {
    const at::Tensor seen = values.masked_fill(mask.eq(0).unsqueeze(-1), 0.0);
    return seen.sum(1) / mask.sum(1, true).to(at::kFloat);
  }
  check(pooling == Pooling::last || pooling == Pooling::first, "there is nothing to pool");
  // The first or last place that has a 1: the one whose number of ones up to it is 1, or all of them.
  const at::Tensor ones = mask.cumsum(1);
  const at::Tensor wanted = pooling == Pooling::first ? at::ones_like(ones.select(1, 0)) : ones.select(1, -1);
  const at::Tensor hit = ones.eq(wanted.unsqueeze(1)).logical_and(mask.eq(1));
  const at::Tensor place = hit.to(at::kLong).argmax(1);
  return values.gather(1, place.view({-1, 1, 1}).expand({-1, 1, values.size(2)})).squeeze(1);
}

}  // namespace fairsweep
