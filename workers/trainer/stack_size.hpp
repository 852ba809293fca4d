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

/// Trials that are ever trained in one stack, at most: what is gained by more is not worth their memory.
[[nodiscard]] std::int64_t largest_stack(bool on_gpu);

/// Trials in one stack, from 1 to largest_stack, where the training is too short to measure (stack_size_search.hpp). On
/// the CPU stacking saves calls, which are most of a small model's step, until about 5 MiB are touched in a step; past
/// that nothing is gained and the cache is lost. On a GPU, which is far from full, a share of its memory. The results
/// do not depend on it.
[[nodiscard]] std::int64_t guessed_stack_size(const StackDemand& demand, bool on_gpu);

}  // namespace fairsweep
