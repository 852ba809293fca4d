#pragma once

#include <cstdint>
#include <memory>

#include "workers/trainer/stack_training.hpp"

namespace fairsweep {

/// How fast stacks of one run's shape train here: takes a few steps of a stack of copies, which are thrown away.
class StackRate {
 public:
  /// Trial-steps that a measurement costs for each trial in the stack, its set-up included, about.
  static constexpr std::int64_t k_cost = 9;

  /// @param earlier of the run alone, K = 1
  StackRate(const StageContext& context, const StageRun& run, const StageScores& earlier);
  StackRate(const StackRate&) = delete;
  StackRate& operator=(const StackRate&) = delete;
  ~StackRate();

  /// Trial-steps a second of a stack of `size`: the better of two tries, so that one interruption does not decide.
  [[nodiscard]] double of(std::int64_t size) const;

 private:
  struct Prepared;
  const StageContext& context_;
  std::unique_ptr<Prepared> prepared_;
};

}  // namespace fairsweep
