#include "workers/trainer/batch_order.hpp"

#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "objectives/training/batch_tools.hpp"  // for padded

namespace fairsweep {
namespace {

/// Each row once, shuffled.
std::vector<std::int64_t> shuffled(const std::vector<std::int64_t>& rows, RandomStream& stream) {
  std::vector<std::int64_t> order;
  order.reserve(rows.size());
  for (const std::uint32_t place : stream.permutation(static_cast<std::uint32_t>(rows.size())))
    order.push_back(rows[place]);
  return order;
}

/// As many rows, drawn with replacement, each with a probability proportional to its share.
std::vector<std::int64_t> drawn(const std::vector<std::int64_t>& rows, const std::vector<double>& shares,
                                RandomStream& stream) {
  std::vector<double> up_to;
  up_to.reserve(rows.size());
  double sum = 0;
  for (const std::int64_t row : rows) {
    const double share = shares.at(static_cast<std::size_t>(row));
    check(share > 0 && std::isfinite(share), "a comparison's share of the draws is above 0 and finite");
    up_to.push_back(sum += share);
  }
  std::vector<std::int64_t> order;
  order.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto found = std::upper_bound(up_to.begin(), up_to.end(), stream.uniform() * sum);
    const auto place = static_cast<std::size_t>(found - up_to.begin());
    order.push_back(rows[std::min(place, rows.size() - 1)]);  // a product may be rounded up to the sum
  }
  return order;
}

}  // namespace

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
                       const std::vector<RandomKey>& keys, std::uint32_t epoch, const DrawShares& shares) {
  const auto trials = static_cast<std::int64_t>(keys.size());
  at::Tensor order = at::zeros({shape.steps, trials, shape.stored}, at::kLong);
  auto* places = order.data_ptr<std::int64_t>();
  for (std::int64_t k = 0; k < trials; ++k) {
    const RandomKey& key = keys[static_cast<std::size_t>(k)];
    RandomStream stream(key.seed, key.configuration, key.replicate, Purpose::order, epoch);
    const std::vector<double> own = shares ? shares(static_cast<std::size_t>(k)) : std::vector<double>();
    const std::vector<std::int64_t> sequence = own.empty() ? shuffled(rows, stream) : drawn(rows, own, stream);
    for (std::int64_t i = 0; i < shape.comparisons; ++i) {
      const std::int64_t step = i / shape.batch;
      places[(step * trials + k) * shape.stored + i % shape.batch] = sequence[static_cast<std::size_t>(i)];
    }
  }
  return order;
}

}  // namespace fairsweep
