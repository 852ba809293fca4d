#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "objectives/gradient_weights/gramian.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// What a step of one trial knows of its groups' mean losses.
struct GroupGradients {
  const Gramian& gramian;           ///< of the groups' losses
  std::span<const double> losses;   ///< [G]; 0 where the batch has nobody of the group
  std::span<const double> numbers;  ///< of the trial, as CombinedGradients::numbers gave them
  std::uint32_t step = 0;           ///< how many came before
};

/// Methods whose step is a weighted sum of the gradients of the groups' mean losses, the weights being a function of
/// the products of these gradients (the Gramian). A method says which function. Everybody without a group has no part.
/// docs/methods/multi_gradient.md
class CombinedGradients : public TrainingObjective {
 public:
  [[nodiscard]] bool needs_groups() const final { return true; }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier, const at::TensorOptions& options) const final;
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& constants,
                                             const at::TensorOptions& options) const final;
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const final;
  [[nodiscard]] bool combines_gradients() const final { return true; }
  [[nodiscard]] at::Tensor loss_shares(const PackBatch& batch, const ObjectiveConstants& constants) const final;
  [[nodiscard]] at::Tensor gradient_weights(const GradientFacts& facts, const ObjectiveConstants& constants,
                                            ObjectiveState& state) const final;

 protected:
  /// What `weights` reads of a trial's settings; equally many for all trials.
  [[nodiscard]] virtual std::vector<double> numbers(const Settings& settings, const TrainingFacts& facts) const;
  /// [G], not finite where there is no answer. Depends on nothing but what is given.
  [[nodiscard]] virtual std::vector<double> weights(const GroupGradients& gradients) const = 0;
};

}  // namespace fairsweep
