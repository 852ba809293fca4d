#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// Latent types of people from pairs of comparisons of one person (Shirali et al., arXiv 2502.16320, section 5): a
// mixture of L reward models, J(i, j) = sum_k pi_k p_k(i) p_k(j), the probability that one person gives both answers.

/// Pairs of places of a batch, [K, B] each; the last place of every trial is no pair.
struct PersonPairs {
  at::Tensor first, second;  ///< int64
  at::Tensor weight;         ///< product of the comparisons' weights; 0 where there is no pair
};

/// Each comparison with the next one of the same person in the batch; the last of a person with none. Places without
/// weight are in no pair. @param user [K, B] int64    @param weight [K, B]. O(K B log B).
[[nodiscard]] PersonPairs next_of_same_person(const at::Tensor& user, const at::Tensor& weight);

/// The four products of the mixture for pairs of answers, [K, B] each: that the same person gives both, only the first,
/// only the second, or neither. They sum to 1.
struct JointProbabilities {
  at::Tensor both, first_only, second_only, neither;
};
/// @param share [K, L] of the types    @param first, second [K, L, B] probability of the answers under each type
[[nodiscard]] JointProbabilities joint_probabilities(const at::Tensor& share, const at::Tensor& first,
                                                     const at::Tensor& second);

/// Mean over pairs of the binary cross entropies of J against "one person says yes to both", over the four orders in
/// which the two answers may be asked about, [K]: of these only "both as given" is a yes. 0 where there is no pair.
/// @param loss [K, L, B] negative log-likelihood of each answer under each type
[[nodiscard]] at::Tensor joint_loss(const at::Tensor& loss, const PersonPairs& pairs, const at::Tensor& share);

/// Gradient of joint_loss with respect to omega, where share = softmax(omega), [K, L]. No gradients of its own.
[[nodiscard]] at::Tensor joint_weight_gradient(const at::Tensor& loss, const PersonPairs& pairs,
                                               const at::Tensor& share);

/// softmax of the first L of omega [K, P >= L, a multiple of k_block], [K, L].
[[nodiscard]] at::Tensor type_shares(const at::Tensor& omega, std::int64_t types);

/// Variance over types of the probability of an answer, J(p, p) - (J(p, p) + J(p, not p))^2, [K, M], at least 0.
/// @param share [K, L]    @param probability [K, L, M]. Source: the authors' code, method 4.
[[nodiscard]] at::Tensor variance_over_types(const at::Tensor& share, const at::Tensor& probability);

/// Latent types by joint likelihood, scored as their average. docs/methods/heterogeneous.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_joint_likelihood();

}  // namespace fairsweep
