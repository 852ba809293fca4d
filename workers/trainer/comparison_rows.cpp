#include "workers/trainer/comparison_rows.hpp"

#include <cstddef>

namespace fairsweep {

ComparisonTensors rows_of(const ComparisonTensors& part, const std::vector<std::int64_t>& rows) {
  const at::Tensor places = at::tensor(at::ArrayRef<std::int64_t>(rows), at::kLong).to(part.user.device());
  ComparisonTensors some;
  for (const auto tensor :
       {&ComparisonTensors::candidates, &ComparisonTensors::present, &ComparisonTensors::ranked,
        &ComparisonTensors::user, &ComparisonTensors::group, &ComparisonTensors::weight,
        &ComparisonTensors::context_first, &ComparisonTensors::context_size, &ComparisonTensors::history_share,
        &ComparisonTensors::history_rest, &ComparisonTensors::noise_keep, &ComparisonTensors::noise_floor}) {
    if ((part.*tensor).defined())
      some.*tensor = (part.*tensor).index_select(0, places);
  }
  some.source.reserve(rows.size());
  for (const std::int64_t row : rows)
    some.source.push_back(part.source[static_cast<std::size_t>(row)]);
  return some;
}

}  // namespace fairsweep
