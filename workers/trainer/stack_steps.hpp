#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/batch_order.hpp"
#include "workers/trainer/gradient_rows.hpp"
#include "workers/trainer/latent_draws.hpp"
#include "workers/trainer/model_answers.hpp"
#include "workers/trainer/stack_state.hpp"

namespace fairsweep {

/// Numbers of an epoch's steps, on the stack's device.
struct EpochRates {
  at::Tensor learning_rate;  ///< [steps, K, 1]
  at::Tensor keep;           ///< [steps, K, 1]
  at::Tensor clip_norm;      ///< [K, 1]; undefined where no run clips
};

/// @param training of each run of the stack    @param epochs done before this one
[[nodiscard]] EpochRates epoch_rates(const std::vector<const TrainingSettings*>& training, std::int64_t epochs,
                                     const EpochShape& shape, const at::TensorOptions& options);

/// Takes the steps of a stack. Borrows what it is made with; the stack may lose rows between epochs.
class StackSteps {
 public:
  StackSteps(const StageContext& context, const EpochShape& shape, StackState& stack);

  /// Before the first step of an epoch: the sum of losses starts at 0.
  /// @param draws  of models with latent numbers, on the stack's device
  void begin_epoch(EpochDraws draws = {});
  /// Takes steps [first, first + count). Nothing in them copies to the host.
  /// @param order [steps, K, stored] on the stack's device, as epoch_order gives it
  void take(const at::Tensor& order, const EpochRates& rates, std::int64_t first, std::int64_t count);
  /// Sum of the steps' losses since begin_epoch, [K].
  [[nodiscard]] const at::Tensor& loss_sum() const { return loss_sum_; }

 private:
  /// Step i of the gathered ones, which is step `step` of the epoch.
  void take_one(const StepRun& steps, std::int64_t i, const EpochRates& rates, std::int64_t step);
  /// What the step's losses, summed, say about the models' answers, dense. Only here, on small tensors, gradients
  /// are automatic: a method says its loss and no more. Completes `batch`.
  [[nodiscard]] ModelAnswers answers_gradient(const ModelAnswers& says, const ChoiceShape& choices, PackBatch& batch);
  /// The step's gradient where the method combines those of several losses: one way back for each loss.
  void combine_gradients(const at::Tensor& x, const at::Tensor& user, const ModelAnswers& says,
                         const ChoiceShape& choices, const ScoreTrace& trace, PackBatch& batch);
  /// What step `step` of the epoch draws for latent numbers; nothing where there are none. @param weight [K, B]
  [[nodiscard]] LatentDraw latent_draw(std::int64_t step, const at::Tensor& weight) const;
  /// Mixes the gradient of the step with that of the mean log-loss of the generic person, who gave all answers.
  void add_generic_person(const at::Tensor& x, const ChoiceShape& choices, const at::Tensor& weight);

  const StageContext& context_;
  const Likelihood& likelihood_;
  EpochShape shape_;
  StackState& stack_;
  EpochDraws draws_;
  GradientRows rows_;           ///< of methods that combine gradients
  GradientRows generic_;        ///< of the generic person
  at::Tensor loss_sum_, ones_;  ///< [K]
};

}  // namespace fairsweep
