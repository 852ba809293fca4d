#include "workers/trainer/context_comparisons.hpp"

#include "objectives/training/context_columns.hpp"

namespace fairsweep {

ComparisonTensors with_other_candidates(const ComparisonTensors& comparisons) {
  const at::Tensor none = at::zeros({}, comparisons.candidates.options());
  const at::Tensor first = comparisons.context_first.unsqueeze(1);
  const ContextColumns columns =
      context_columns(comparisons.present, at::where(comparisons.present, comparisons.candidates - first, none),
                      comparisons.context_size);
  const std::int64_t others = columns.place.size(1) - comparisons.candidates.size(1);
  ComparisonTensors more = comparisons;
  more.candidates = at::where(columns.real, columns.place + first, none);
  more.present = at::constant_pad_nd(comparisons.present, {0, others}, 0);
  if (comparisons.history_share.defined())
    more.history_share = at::constant_pad_nd(comparisons.history_share, {0, others}, 0);
  return more;
}

}  // namespace fairsweep
