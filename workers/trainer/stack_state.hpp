#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/checkpoint.hpp"
#include "workers/trainer/parameter_layout.hpp"
#include "workers/trainer/stack_training.hpp"
#include "workers/trainer/stacked_optimizer.hpp"

namespace fairsweep {

/// Everything of a stack that has a trial dimension: K rows, of which some leave as trials end.
struct StackState {
  std::vector<std::size_t> run;          ///< [K] place in the runs the stack was made of
  std::vector<std::int64_t> best_epoch;  ///< [K]
  std::vector<double> best_value;        ///< [K]
  std::vector<double> seconds;           ///< [K]
  std::int64_t epochs = 0;               ///< done
  at::Tensor parameters, best;           ///< [K, T] the numbers that are trained, and the best of them so far
  OptimizerState optimizer;
  ObjectiveState objective;
  ObjectiveState learned;  ///< of `objective`, what belongs to the model, as of `best`
  ObjectiveConstants constants;
  at::Tensor divergence;      ///< [K, 1] weight of the divergence of latent numbers; undefined where there are none
  at::Tensor personal_share;  ///< [K, 1] of the loss, the rest being the generic person's; undefined: all of it

  at::Tensor base;   ///< [K, P] what a low-rank stage starts from; undefined in other stages
  at::Tensor model;  ///< [K, P] the model's parameters, of L members [K, L * P]: what a low-rank stage makes of `base`,
                     ///< else `parameters` itself
  at::Tensor gradient;          ///< as `model`; 0 between the blocks
  at::Tensor trained_gradient;  ///< [K, T] of the numbers that are trained: `gradient` itself where model is
  std::vector<at::Tensor> gradient_blocks;  ///< views of `gradient`, a row for every member: [K * L, ...]
  std::vector<at::Tensor> blocks;           ///< the same of `model`

  [[nodiscard]] std::int64_t trials() const { return static_cast<std::int64_t>(run.size()); }
};

/// The state before the next epoch of these runs: drawn, warm-started or resumed.
[[nodiscard]] StackState make_stack(const StageContext& context, const std::vector<StageRun>& runs,
                                    const StageScores& earlier);

/// Leaves only the rows in `kept` (ascending). The others' bits do not change.
void keep_rows(StackState& stack, const ParameterLayout& layout, const std::vector<std::int64_t>& kept);

/// Puts the models of all rows back to what they started from, and the optimiser with them.
void start_anew(StackState& stack, const StageContext& context, const std::vector<StageRun>& runs);

/// The only row of `stack`, `count` times.
[[nodiscard]] StackState repeated(const StackState& stack, const ParameterLayout& layout, std::int64_t count);

/// The model of the best epoch of row k, [P] on the CPU.
[[nodiscard]] at::Tensor best_model(const StageContext& context, const StackState& stack, std::int64_t k);
/// What the method of run k learned beside the model, without the trial dimension, on the CPU.
[[nodiscard]] ObjectiveState learned_by(const StackState& stack, std::int64_t k);

/// Row k, to go on from.
[[nodiscard]] RunSnapshot snapshot_of(const StackState& stack, std::int64_t k);

}  // namespace fairsweep
