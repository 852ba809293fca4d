#pragma once

#include <ATen/ATen.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/ensemble_weights/value_table.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// The models that methods mix without training anything, and the kinds of people these are for. A source is a method
// whose last stage trains several models: `typewise_average` for the groups of the data ("groups"), `types` or
// `joint_likelihood` for hidden ones. Another is a line in ensemble_source.cpp.

/// Name of the stage that leaves the models.
inline constexpr const char* k_models_stage = "models";

struct EnsembleModels {
  std::vector<Stage> stages;       ///< the last is k_models_stage
  std::vector<std::string> names;  ///< of its members, and of the kinds of people each is for, [L]
};

/// The stages that train the models, with the trial's own numbers for `training`, so that trials which differ in how
/// they mix share them.
/// @param of "groups", "types" or "joint_likelihood"    @param asker who asks, for messages
/// @throws UserError (configuration) where the data do not allow it.
[[nodiscard]] EnsembleModels ensemble_models(std::string_view asker, std::string_view of, const Settings& settings,
                                             const TrainingFacts& facts);

/// The stage that makes one trial of them and trains nothing.
[[nodiscard]] Stage mixing_stage(const TrainingObjective& method, const Settings& settings,
                                 const EnsembleModels& models);

/// What the models are worth to each kind of people on the validation comparisons.
struct EnsembleFacts {
  at::Tensor loss;            ///< [L, V] double, on the CPU: negative log-likelihood of each answer under each model
  at::Tensor kind_weight;     ///< [L, V] double: how much an answer counts for each kind; rows sum to 1
  ValueTable worth;           ///< [L, L] mean log-likelihood of kind i's answers under model j
  std::vector<double> share;  ///< [L] of the kinds among the training people, sums to 1
  /// Kinds as numbers name them: groups in the data's order; hidden types, whose order is chance, by their share, the
  /// largest first.
  std::vector<std::size_t> order;
};

/// Of trial `k` of what the models' stage left.
///
/// An answer of a person of group g counts for g alone. How much an answer counts for a latent type is the posterior
/// probability that the person is of that type, by the shares of the types and everything else the person answered in
/// training and validation; without the answer itself, which would otherwise speak for the model that fits it best.
/// Within a kind all people weigh the same, and a person's answers by their own weights.
/// Cost: O(L (M + V)) beside the likelihoods.
[[nodiscard]] EnsembleFacts ensemble_facts(std::string_view of, const TrainingFacts& facts, const StageOutput& models,
                                           std::int64_t k);

/// Each group's share of the training people, [G].
[[nodiscard]] std::vector<double> shares_of_group_users(const TrainingFacts& facts);

/// How much each model of one trial counts, [L] double on the CPU: the weights [L] of all people, or of [L, U] of each
/// the mean over the people with training comparisons.
[[nodiscard]] at::Tensor weight_of_trained(const at::Tensor& weight, const TrainingFacts& facts);

/// Posterior log-probabilities of the types of each answer's person, up to a constant: log share + sum over the
/// person's training answers and over their other validation answers. [L, V] double.
/// @param share [L]    @param training, validation [L, M] and [L, V] log-likelihoods    @param users of the answers
[[nodiscard]] at::Tensor log_posterior_without_answer(const at::Tensor& share, const at::Tensor& training,
                                                      const at::Tensor& training_user, const at::Tensor& validation,
                                                      const at::Tensor& validation_user, std::int64_t users);

}  // namespace fairsweep
