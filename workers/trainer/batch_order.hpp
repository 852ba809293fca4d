#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "workers/trainer/initialisation.hpp"

namespace fairsweep {

/// How an epoch over `comparisons` is cut: steps of `batch`, the last one short, all stored with `stored` places.
struct EpochShape {
  std::int64_t comparisons = 0;
  std::int64_t batch = 0;   ///< places in use in every step but the last
  std::int64_t stored = 0;  ///< batch rounded up to a multiple of 32
  std::int64_t steps = 0;
  std::int64_t last = 0;  ///< places in use in the last step
};
/// @param comparisons at least 1    @param batch at least 1; more than there are comparisons means all of them
[[nodiscard]] EpochShape epoch_shape(std::int64_t comparisons, std::int64_t batch);

/// How often trial k draws each training comparison, relative to the others: [M] numbers above 0 for all training
/// comparisons, or none where it takes each once (TrainingObjective::draw_shares).
using DrawShares = std::function<std::vector<double>(std::size_t k)>;

/// Every trial's own order of the training comparisons in one epoch: [steps, K, stored] int64 on the CPU, 0 in the
/// padding. Each comparison once, or, where the trial has shares, as many draws with replacement. A trial's order
/// depends on its key, its shares and the epoch alone. O(K M), with shares O(K M log M).
/// @param rows training comparisons of the stage, shape.comparisons of them    @param epoch from 0
/// @param shares may be empty: every trial takes each comparison once
[[nodiscard]] at::Tensor epoch_order(const EpochShape& shape, const std::vector<std::int64_t>& rows,
                                     const std::vector<RandomKey>& keys, std::uint32_t epoch,
                                     const DrawShares& shares = {});

}  // namespace fairsweep
