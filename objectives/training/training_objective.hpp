#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/value.hpp"
#include "core/random/random_key.hpp"
#include "objectives/training/member_mix.hpp"

namespace fairsweep {

/// What a method may know about the comparisons of one split; shared by all trials of a pack. Shapes: M comparisons,
/// n candidates in the largest.
struct ComparisonFacts {
  at::Tensor user;        ///< [M] int64 row of the user
  at::Tensor group;       ///< [M] int64 group of the user; -1: none
  at::Tensor weight;      ///< [M] floating, > 0, mean 1
  at::Tensor candidates;  ///< [M, n] int64 rows of the candidates, best first; 0 in the padding
  at::Tensor present;     ///< [M, n] bool: false in the padding of smaller choices
  at::Tensor ranked;      ///< [M] int64: how many of the candidates are in order
  /// [M, n] int64 place of each candidate among all candidates of its context; 0 in the padding. Every context has its
  /// candidates in a fixed order, whether or not the comparison is about all of them.
  at::Tensor context_place;
  at::Tensor context_size;  ///< [M] int64: how many candidates the context has
};

/// A wish for clusters of the people with training comparisons.
struct ClusterWish {
  std::string by;           ///< "tastes" or "agreement": workers/trainer/people_clusters.hpp
  std::int64_t number = 1;  ///< of clusters
  std::uint64_t seed = 0;
  std::uint32_t starts = 1;  ///< the best of so many random starts of the clustering
};

/// What a method may know about the data; shared by all trials of a pack.
struct TrainingFacts {
  std::int64_t comparisons = 0;  ///< M of the training split
  std::int64_t users = 0;
  std::vector<std::string> groups;  ///< G names, in the order of group codes
  ComparisonFacts training;
  ComparisonFacts validation;  ///< for calibration only; a loss never reads it
  /// What is known of people who have no training comparisons, set aside by the split; a loss never reads it. Its
  /// tensors are undefined where there is none.
  ComparisonFacts history;
  std::vector<double> group_weight;       ///< [G] sum of the weights of each group's training comparisons
  std::vector<std::int64_t> group_users;  ///< [G] users of each group who have training comparisons
  /// [U] how common each user's preferences are among the training users (workers/data/groups/support_rate.hpp); NaN
  /// where that is not known; empty: of nobody.
  std::vector<double> user_support;
  /// [U, G] how much each user belongs to each group, rows sum to 1, NaN where not known; empty: as the codes say.
  std::vector<double> user_membership;
  /// [U] cluster of each person with training comparisons, the largest cluster first; -1 of the others. Empty: there
  /// is nothing to cluster by. @throws UserError (configuration) where the data do not allow it.
  std::function<std::vector<std::int32_t>(const ClusterWish&)> cluster_people;
};

/// One step of a pack: K trials, B comparisons each. Short batches are padded with weight 0, B is a multiple of 32.
/// In a stage of L > 1 members, which all see the same comparisons, `margin`, `loss` and `scores` have one more
/// dimension after the first: [K, L, B] and [K, L, B, n].
struct PackBatch {
  at::Tensor index;   ///< [K, B] int64 training comparison (0 in the padding)
  at::Tensor user;    ///< [K, B] int64 row of the user
  at::Tensor group;   ///< [K, B] int64; -1: none
  at::Tensor weight;  ///< [K, B] floating; 0 in the padding
  /// [K, B] log-odds of the answer: the score of the best-ranked minus the best of the others, or what
  /// Likelihood::outcome says; carries gradients
  at::Tensor margin;
  at::Tensor loss;  ///< [K, B] negative log-likelihood of what the user did; carries gradients
  /// [K, B, n] of the candidates in the user's order; carries gradients. Of a stage that trains on contexts the others
  /// of the context follow, [K, B, n + e], as in ContextColumns.
  at::Tensor scores;
  at::Tensor present;  ///< [K, B, n] bool: false in the padding of smaller choices, and for whatever follows
};

/// Tensors a method carries from step to step, [K, ...] each, by name; saved in checkpoints. Swept numbers of a method
/// live here too, as [K].
using ObjectiveState = std::map<std::string, at::Tensor>;

/// Tensors a method reads in every step and never changes, [K, ...] each, by name: what it makes of earlier stages.
/// Made anew when a run is resumed, so they are in no checkpoint.
using ObjectiveConstants = std::map<std::string, at::Tensor>;

/// Which comparisons a method wants scored after an epoch, by all members: costs a forward pass over them.
struct EpochLook {
  bool training = false, history = false;
};

/// Negative log-likelihood of comparisons as they are after an epoch, under each of the L members, without gradients,
/// on the device. Undefined where the method did not ask.
struct EpochLosses {
  at::Tensor training;  ///< [K, L, M]
  at::Tensor history;   ///< [K, L, H], rows as in TrainingFacts::history
};

/// What a step knows of L losses and their gradients, of K trials; on the host, in double.
struct GradientFacts {
  at::Tensor gramian;  ///< [K, L, L] products of the gradients, symmetric and positive semidefinite up to rounding
  at::Tensor losses;   ///< [K, L]; loss and gradient are 0 where the batch has no comparisons of it
};

/// A training run a trial needs before its own, or its own (the last stage). Stages with equal digests are the same
/// work: done once, kept by digest on the disk, shared between trials and agents.
struct Stage {
  std::string name;                        ///< "train", "pooled", "teacher"
  std::string objective;                   ///< catalogue name of the method whose loss this stage minimises
  Settings settings;                       ///< what the stage trains with; with the seed and data it makes the digest
  std::optional<std::int64_t> only_group;  ///< train on this group's comparisons alone
  std::string warm_start;                  ///< name of an earlier stage whose parameters it starts from; empty: fresh
  std::vector<std::string> reads;          ///< names of earlier stages whose scores the objective reads
  bool reads_contexts = false;             ///< also how they score every candidate of the comparisons' contexts
  /// > 0: it starts from `warm_start` and moves each weight matrix by a product of this rank
  /// (workers/trainer/low_rank.hpp). What it leaves is a model like any other.
  std::int64_t low_rank = 0;
  /// Steps also score the candidates of a comparison's context that the comparison is not about (PackBatch::scores).
  bool trains_on_contexts = false;
  /// L models of the stage's shape trained together: an ensemble, or one for each type of people. Their parameters
  /// are one row of a trial, the optimiser steps them as one, and a gradient is clipped as one.
  std::int64_t members = 1;
  bool starts_apart = false;  ///< random starts whose scores have a deviation of about 1, for members that nothing but
                              ///< their start tells apart; else as single models start
  /// The likelihood of single validation answers is not what the stage raises: it says nothing about which epoch is
  /// best, so all are trained and the last is kept.
  bool keeps_last = false;
  /// It trains nothing: no epochs, no steps. Its members are those of `warm_start` as that stage left them, and its
  /// method decides once how they count, from what it reads: `constants`, `initial_state` and `member_weights` are
  /// asked for, `loss` is not (workers/trainer/mixed_stage.hpp).
  bool trains_nothing = false;
  /// Of a stage that trains nothing: it has one member, whose parameters are the mean of those of `warm_start`,
  /// weighted by member_weights [K, L].
  bool averages_parameters = false;
  bool operator==(const Stage&) const = default;
};

/// What an earlier stage says about the comparisons, without gradients: K trials, n candidates in the user's order. Of
/// a stage with L > 1 members the scores have one more dimension after the first: [K, L, M, n].
struct StageOutput {
  at::Tensor training;    ///< [K, M, n], rows as in PackBatch::index
  at::Tensor validation;  ///< [K, V, n], for calibration (temperatures) on comparisons the stage was not trained on
  /// The same of all candidates of each comparison's context, as its user would score them: [K, M, C] and [K, V, C],
  /// C candidates in the largest context, in the order of ComparisonFacts::context_place, whatever beyond
  /// ComparisonFacts::context_size. Undefined unless the stage `reads_contexts`.
  at::Tensor training_contexts, validation_contexts;
  ObjectiveState learned = {};  ///< what the stage's method learned beside the models, [K, ...] by name
};

/// Stage name -> what it left for this one. Only the stages in `reads`.
using StageScores = std::map<std::string, StageOutput>;

/// What of a model's answers a method reads, by which it goes with some likelihoods and not with others.
enum class Reads {
  losses,   ///< the negative log-likelihood of answers: any likelihood
  margins,  ///< also margins, as log-odds of the answer against its opposite: none with ties
  scores    ///< also differences of scores, or those of earlier stages, as log-odds: plackett_luce alone
};

/// What a trial optimises: one method, one file. Stacked over K trials of one shape; every number a user may sweep is
/// a [K] tensor. Contract suite: tests/contract/training_objective_contract.hpp.
///
/// A trial's bits must not depend on its pack. That holds when (1) nothing mixes trials, (2) sums run over the last
/// dimension, and (3) exp, log and their like are applied to tensors whose block per trial is a multiple of 32
/// elements, because ATen computes the rest of a block with other code. batch_tools.hpp has the usual pieces.
class TrainingObjective {
 public:
  virtual ~TrainingObjective() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// What it is, in one sentence.
  [[nodiscard]] virtual std::string_view sentence() const = 0;
  /// The paper, or "standard".
  [[nodiscard]] virtual std::string_view source() const = 0;
  /// What it takes for log-odds; the configuration has the same lists (core/config/likelihood_schema.cpp).
  [[nodiscard]] virtual Reads reads() const { return Reads::losses; }
  /// Whether the method makes no sense on data without groups: `stages` refuses them then.
  [[nodiscard]] virtual bool needs_groups() const { return false; }
  /// The stages of one trial, in order; the last is the trial itself. One stage unless a method says otherwise.
  /// Depends on the settings and facts only. @throws UserError (configuration) where the data do not allow the method.
  [[nodiscard]] virtual std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const;
  /// How often each training comparison is drawn, relative to the others: [M] numbers above 0; an epoch then draws as
  /// many as there are, with replacement. Empty, which is the rule: an epoch has each comparison once. Asked for in
  /// every epoch, and depends on the settings and facts only, so a resumed run draws the same.
  [[nodiscard]] virtual std::vector<double> draw_shares(const Settings& settings, const TrainingFacts& facts) const;
  /// What every step of these trials reads. Depends on nothing else, so a resumed run gets the same.
  [[nodiscard]] virtual ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                                     const StageScores& earlier,
                                                     const at::TensorOptions& options) const;
  /// State before the first step, for trials with these settings.
  [[nodiscard]] virtual ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                                     const ObjectiveConstants& constants,
                                                     const at::TensorOptions& options) const;
  /// What the state before the first step has beside that, drawn at random: from streams of each trial's own key alone.
  [[nodiscard]] virtual ObjectiveState drawn_state(const std::vector<Settings>& trials,
                                                   const std::vector<RandomKey>& keys, const TrainingFacts& facts,
                                                   const at::TensorOptions& options) const;
  /// Loss of each trial, [K], with gradients; may move `state` forward (no gradients in it).
  [[nodiscard]] virtual at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                        ObjectiveState& state) const = 0;
  /// A method that combines the gradients of several losses instead of following that of one. Its `loss` is not asked
  /// for; every step costs as many backward passes as there are losses.
  [[nodiscard]] virtual bool combines_gradients() const { return false; }
  /// What the losses are: loss l of trial k is the sum over the batch of this times `batch.loss`, [K, L, B], without
  /// gradients; all 0 where the batch has no comparisons of it.
  [[nodiscard]] virtual at::Tensor loss_shares(const PackBatch& batch, const ObjectiveConstants& constants) const;
  /// Weights of the losses' gradients in the step, [K, L] double on the host; not finite: the trial fails.
  [[nodiscard]] virtual at::Tensor gradient_weights(const GradientFacts& facts, const ObjectiveConstants& constants,
                                                    ObjectiveState& state) const;
  /// Whether the method wants to know what a step did to the losses of its own comparisons: costs a forward pass.
  [[nodiscard]] virtual bool looks_back() const { return false; }
  /// After the step. @param after [K, B] what `batch.loss` is now; no gradients
  virtual void after_step(const PackBatch& batch, const at::Tensor& after, const ObjectiveConstants& constants,
                          ObjectiveState& state) const;
  /// What the method wants to know after this epoch, counted from 1. Depends on nothing but settings that are equal in
  /// a stack. A stage that trains nothing is asked once, of the models as they are: epoch 0.
  [[nodiscard]] virtual EpochLook look_after(const Settings& settings, const TrainingFacts& facts,
                                             std::int64_t epoch) const;
  /// After an epoch that it wanted to know of, before validation is watched.
  /// @return whether the models start anew: from the values they started from, with an optimiser that knows nothing
  [[nodiscard]] virtual bool after_epoch(const EpochLosses& losses, const TrainingFacts& facts,
                                         const ObjectiveConstants& constants, ObjectiveState& state) const;
  /// Names of the state that belongs to the trained model, such as weights of its members: kept as of the best epoch
  /// and handed to the stages that read this one.
  [[nodiscard]] virtual std::vector<std::string> learned() const;
  /// How much each of L > 1 members counts where a trial of this method is scored, [K, L], rows sum to 1; or [K, L, U],
  /// for each person. Equal unless a method says otherwise. @param learned [K, ...] each
  [[nodiscard]] virtual at::Tensor member_weights(std::int64_t trials, std::int64_t members,
                                                  const ObjectiveState& learned,
                                                  const at::TensorOptions& options) const;
  /// How they are joined by these weights; the mean of their scores unless a method says otherwise. Depends on settings
  /// that are equal in a stack only.
  [[nodiscard]] virtual MemberJoin member_join(const Settings& settings) const;
  /// Names of the models that a trial mixes whose last stage trains nothing, in order, [L].
  [[nodiscard]] virtual std::vector<std::string> mixed_models(const Settings& settings,
                                                              const TrainingFacts& facts) const;
  /// The loss on validation comparisons that is watched while L > 1 members train, [K, V]; the mean of theirs unless a
  /// method says otherwise. @param loss [K, L, V] of each member    @param state as the training left it
  [[nodiscard]] virtual at::Tensor watched_loss(const at::Tensor& loss, const ComparisonFacts& validation,
                                                const ObjectiveState& state) const;
  /// Numbers about a trained model, by name, for the log and the results. On validation comparisons only.
  /// @param earlier K = 1, of this trial    @param scores [V, n] of the trained model, candidates in the user's order
  [[nodiscard]] virtual std::map<std::string, double> notes(const Settings& settings, const TrainingFacts& facts,
                                                            const StageScores& earlier, const at::Tensor& scores) const;
};

/// @throws UserError (configuration), naming the method, where the data have no groups.
void require_groups(std::string_view method, const TrainingFacts& facts);

/// Every method there is.
[[nodiscard]] const std::vector<std::unique_ptr<TrainingObjective>>& objective_catalogue();
/// Losses of stages that no trial names: they train what a method's own stage goes on from.
[[nodiscard]] const std::vector<std::unique_ptr<TrainingObjective>>& stage_catalogue();
/// Of either catalogue; null where there is none of that name.
[[nodiscard]] const TrainingObjective* find_objective(std::string_view name);

}  // namespace fairsweep
