#include "objectives/training/context_columns.hpp"

#include <cstdint>
#include <tuple>

namespace fairsweep {

ContextColumns context_columns(const at::Tensor& present, const at::Tensor& place, const at::Tensor& size) {
  const std::int64_t comparisons = size.size(0);
  const std::int64_t largest = comparisons > 0 ? size.max().item<std::int64_t>() : 0;
  const at::Tensor asked =
      at::zeros({comparisons, largest}, place.options()).scatter_add(1, place, present.to(at::kLong)).gt(0);
  const at::Tensor places = at::arange(largest, place.options()).unsqueeze(0);
  const at::Tensor other = places.lt(size.unsqueeze(1)).logical_and(asked.logical_not());
  const std::int64_t most = comparisons > 0 ? other.sum(1).max().item<std::int64_t>() : 0;
  // The others first, in the context's order: keys are all different, so any sort gives the same.
  const at::Tensor key = places + largest * other.logical_not().to(at::kLong);
  const at::Tensor first = std::get<1>(at::sort(key, 1)).narrow(1, 0, most);
  const at::Tensor real = other.gather(1, first);
  return {at::cat({place, at::where(real, first, at::zeros({}, place.options()))}, 1), at::cat({present, real}, 1)};
}

}  // namespace fairsweep
