#pragma once

#include <ATen/ATen.h>

#include <map>
#include <string>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// Conditional margin-level supervision, the second stage of PAFO-style training, reconstructed from the abstract of
// arXiv 2606.07988: a student's margins are drawn towards target margins that its teachers set. The label's own
// likelihood keeps the rest of the weight. docs/methods/pafo.md has the equations.

/// Target margins are cut to this size: a teacher that is surer than e^5 to 1 is not followed further.
inline constexpr double k_largest_margin = 5;
/// Where the smooth-L1 form turns from square to linear.
inline constexpr double k_smooth_l1_beta = 1;

/// Score of each candidate minus the score of the best-ranked, [..., n] to [..., n] in double; 0 where absent.
[[nodiscard]] at::Tensor margins_to_best(const at::Tensor& scores, const at::Tensor& present);

/// Which comparisons are supervised: those where the target puts the best-ranked candidate more than `gate` above every
/// other (condition group_and_correct), or all (every other condition). [M] bool
/// @param target [M, n] margins to the best-ranked, 0 where absent
[[nodiscard]] at::Tensor gated(const Settings& settings, const ComparisonFacts& comparisons, const at::Tensor& target);

/// What every step of these trials reads: their weights, and, in the form the loss wants, their target margins.
/// @param targets of each trial [M, n] double, as margins_to_best gives them
/// @throws UserError (configuration) where a setting is missing or not one of the words.
[[nodiscard]] ObjectiveConstants supervision_constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                                       const std::vector<at::Tensor>& targets,
                                                       const at::TensorOptions& options);

/// mixed_loss (distillation_mix.hpp) of the distance to the target, [K], over the batch.
/// Soft labels: distance = T^2 (cross entropy of softmax(scores / T) under softmax(target / T)), over all candidates;
/// for pairs this is the binary cross entropy of sigmoid(margin / T). Hard labels: the student's log-loss with the
/// target's best candidate as the answer, candidates that the target puts equally high in equal parts; what soft labels
/// become where the target alone is divided by a temperature that goes to 0. Smooth L1: the mean over the candidates
/// that were not chosen of the smooth-L1 distance of margins.
[[nodiscard]] at::Tensor supervised_loss(const PackBatch& batch, const ObjectiveConstants& constants);

/// The same towards targets that are made in the step. @param target [K, n - 1, B] margins of the candidates after the
/// first; 0 where absent; no gradients
[[nodiscard]] at::Tensor supervised_loss_towards(const PackBatch& batch, const ObjectiveConstants& constants,
                                                 const at::Tensor& target);

/// The transfer certificate, on validation comparisons, for each group g: with U_g the mean log-likelihood (users
/// equally, then comparisons) and d the largest distance of a student's margin to its target,
///   "distillation_error <g>"  E_g d                       left side
///   "teacher_gain <g>"        U_g(target) - U_g(pooled)   right side: where it is larger, the student must gain
///   "student_gain <g>"        U_g(student) - U_g(pooled)
/// and "certificate" 1 where left < right for every group, else 0. Since log softmax moves at most as far as the
/// farthest margin, a certificate of 1 proves that every student_gain is positive.
/// @param target, pooled, student [V, n] margins to the best-ranked
[[nodiscard]] std::map<std::string, double> transfer_certificate(const TrainingFacts& facts, const at::Tensor& target,
                                                                 const at::Tensor& pooled, const at::Tensor& student);

}  // namespace fairsweep
