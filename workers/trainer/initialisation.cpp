#include "workers/trainer/initialisation.hpp"

#include "core/random/philox.hpp"

namespace fairsweep {

at::Tensor start_values(const ParameterLayout& layout, const RandomKey& key, at::ScalarType type, std::uint32_t member,
                        double factor) {
  RandomStream stream(key.seed, key.configuration, key.replicate, Purpose::initialisation, member);
  at::Tensor row = at::zeros({layout.size}, at::kDouble);
  auto* values = row.data_ptr<double>();
  for (const ParameterBlock& block : layout.blocks) {
    if (block.deviation <= 0)
      continue;
    const std::int64_t drawn_rows = block.used_rows - (block.last_row_is_bias ? 1 : 0);
    for (std::int64_t i = 0; i < drawn_rows; ++i) {
      for (std::int64_t j = 0; j < block.used_columns; ++j) {
        values[block.offset + i * block.columns + j] = factor * block.deviation * stream.normal();
      }
    }
  }
  return row.to(type);
}

}  // namespace fairsweep
