#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Numbers of FAMO's own optimiser for K trials and G groups, and how far it is.
struct FamoWeights {
  at::Tensor logits;         ///< [K, G]
  at::Tensor first, second;  ///< [K, G] Adam's means of the gradients and of their squares
  at::Tensor steps;          ///< [K, G] taken so far
};

/// Shares of the groups' logarithmic losses: softmax of the logits over the groups that are `present`, 0 for others.
/// [K, G]
[[nodiscard]] at::Tensor famo_shares(const at::Tensor& logits, const at::Tensor& present);

/// c sum_g z_g log D_g with D_g = L_g + 1e-8 and c = 1 / sum_g z_g / D_g, so that its gradient is a mean of the losses'
/// gradients: [K]. Gradients go through L alone.
/// @param losses, present [K, G]    @param shares z
[[nodiscard]] at::Tensor famo_loss(const at::Tensor& losses, const at::Tensor& shares, const at::Tensor& present);

/// One Adam step of the logits (betas 0.9 and 0.999, epsilon 1e-8, the decay added to the gradient) along
/// z_g (e_g - sum_h z_h e_h) with e_g = log D_g before the step less log D_g after it: logits fall where the loss fell
/// most. Logits of absent groups, and what Adam knows of them, stay.
/// @param step_size, decay [K]
void move_famo_weights(FamoWeights& weights, const at::Tensor& before, const at::Tensor& after,
                       const at::Tensor& present, const at::Tensor& step_size, const at::Tensor& decay);

/// Fast adaptive multitask optimisation over the groups. docs/methods/famo.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_famo();

}  // namespace fairsweep
