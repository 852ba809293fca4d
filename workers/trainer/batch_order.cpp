#include "workers/trainer/batch_order.hpp"

#include <algorithm>

#include "objectives/training/batch_tools.hpp"  // for padded

namespace fairsweep {

EpochShape epoch_shape(std::int64_t comparisons, std::int64_t batch) {
  EpochShape shape;
  shape.comparisons = comparisons;
  shape.batch = std::min(batch, comparisons);
  shape.stored = padded(shape.batch);
  shape.steps = (comparisons + shape.batch - 1) / shape.batch;
  shape.last = comparisons - (shape.steps - 1) * shape.batch;
  return shape;
}

at::Tensor epoch_order(const EpochShape& shape, const std::vector<std::int64_t>& rows,
                       const std::vector<RandomKey>& keys, std::uint32_t epoch) {
  const auto trials = static_cast<std::int64_t>(keys.size());
  at::Tensor order = at::zeros({shape.steps, trials, shape.stored}, at::kLong);
  auto* places = order.data_ptr<std::int64_t>();
  for (std::int64_t k = 0; k < trials; ++k) {
    const RandomKey& key = keys[static_cast<std::size_t>(k)];
    RandomStream stream(key.seed, key.configuration, key.replicate, Purpose::order, epoch);
    const std::vector<std::uint32_t> permutation = stream.permutation(static_cast<std::uint32_t>(rows.size()));
    for (std::int64_t i = 0; i < shape.comparisons; ++i) {
      const std::int64_t step = i / shape.batch;
      places[(step * trials + k) * shape.stored + i % shape.batch] = rows[permutation[static_cast<std::size_t>(i)]];
    }
  }
  return order;
}

}  // namespace fairsweep
