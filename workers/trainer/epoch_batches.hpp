#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/batch_order.hpp"
#include "workers/trainer/choice_likelihood.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// Everything about a run of steps that follows from the order alone, gathered at once because a step of a small model
/// costs little more than its calls. C steps, K trials, B stored places.
struct StepRun {
  at::Tensor index;                    ///< [C, K, B]
  at::Tensor group;                    ///< [C, K, B]
  at::Tensor weight;                   ///< [C, K, B], 0 in the padding
  at::Tensor user;                     ///< [C, K, B]
  at::Tensor candidates;               ///< [C, K * n * B] rows of the features, candidate-major
  at::Tensor present;                  ///< [C, K, B, n]
  at::Tensor absent;                   ///< [C, K, n, B]; undefined where nothing is absent
  at::Tensor ranked;                   ///< [C, K, B]; undefined where one candidate is ranked everywhere
  at::Tensor tied;                     ///< [C, K, B] of ChoiceShape; undefined where nothing is
  at::Tensor history_share;            ///< [C, K, n, B]; undefined where no history is read
  at::Tensor history_rest;             ///< [C, K, B]; likewise
  at::Tensor noise_keep, noise_floor;  ///< [C, K, B] of ChoiceShape; undefined where no answer may be mistaken
};

/// Gathers steps of an epoch from the training comparisons, on their device.
class EpochBatches {
 public:
  /// @param weight [M] weights of the training comparisons, of the features' type
  /// @param with_history  also gather what leaves each comparison out of its user's history, where `train` has it
  EpochBatches(ComparisonTensors train, at::Tensor weight, bool with_history);

  /// How many steps to gather at once for K trials.
  [[nodiscard]] std::int64_t steps_at_once(const EpochShape& shape, std::int64_t trials) const;
  /// Steps [first, first + count) of the epoch whose `order` is [steps, K, B] on the device.
  [[nodiscard]] StepRun gather(const EpochShape& shape, const at::Tensor& order, std::int64_t first,
                               std::int64_t count) const;
  [[nodiscard]] std::int64_t candidates() const { return candidates_; }
  [[nodiscard]] std::int64_t most_ranked() const { return most_ranked_; }
  /// The likelihood's view of step `step` of the run.
  [[nodiscard]] ChoiceShape choice_shape(const StepRun& run, std::int64_t step) const;
  /// What the model leaves out of the histories in step `step` of the run.
  [[nodiscard]] LeftOut left_out(const StepRun& run, std::int64_t step) const;

 private:
  ComparisonTensors train_;
  at::Tensor weight_;
  std::int64_t candidates_ = 0;
  std::int64_t most_ranked_ = 1;
  bool all_present_ = true;
  at::Tensor tied_;  ///< [M]; undefined where nothing is
  bool with_history_ = false;
};

/// [m] bool: which are ties; undefined where none is. Copies to the host.
[[nodiscard]] at::Tensor ties_of(const ComparisonTensors& comparisons);

/// The largest number of ranked candidates in these comparisons; at least 1. Copies to the host.
[[nodiscard]] std::int64_t most_ranked_of(const ComparisonTensors& comparisons);

}  // namespace fairsweep
