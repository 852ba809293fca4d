#pragma once

#include <cstdint>

namespace fairsweep {

/// What decides how many trials of one shape are best trained together.
struct StackDemand {
  std::int64_t parameters = 0;  ///< P, padding included
  std::int64_t batch = 0;       ///< B, padding included
  std::int64_t candidates = 0;  ///< n
  std::int64_t features = 0;    ///< D
  std::int64_t hidden = 0;      ///< hidden units of all layers together
};

/// Bytes a trial touches in one step: features, activations and their gradients, parameters and moments.
[[nodiscard]] std::int64_t bytes_of_step(const StackDemand& demand);

/// Trials in one stack where the user leaves it to us; at least 1. On the CPU stacking saves calls, which are most of a
/// small model's step, until about 5 MiB are touched in a step; past that nothing is gained and the cache is lost. On
/// a GPU, which is far from full, a share of its memory. tests/bench/pack_training_bench has the measurements. The
/// results do not depend on it.
[[nodiscard]] std::int64_t automatic_stack_size(const StackDemand& demand, bool on_gpu);

}  // namespace fairsweep
