#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/value.hpp"

namespace fairsweep {

/// What a method may know about the training comparisons; shared by all trials of a pack. Shapes: M training
/// comparisons, U users, G groups.
struct TrainingFacts {
  std::int64_t comparisons = 0;
  std::vector<std::string> groups;
  at::Tensor user;         ///< [M] int64 row of the user
  at::Tensor group;        ///< [M] int64 group of the user; -1: none
  at::Tensor weight;       ///< [M] float, > 0, mean 1
  std::vector<double> group_weight;  ///< [G] sum of weights of each group's training comparisons
};

/// One step of a pack: K trials, B comparisons each (short batches are padded, `weight` 0).
struct PackBatch {
  at::Tensor index;    ///< [K, B] int64 training comparison (0 in the padding)
  at::Tensor group;    ///< [K, B] int64; -1: none
  at::Tensor weight;   ///< [K, B] float; 0 in the padding
  at::Tensor margin;   ///< [K, B] score of the best-ranked minus the best of the others; carries gradients
  at::Tensor loss;     ///< [K, B] negative log-likelihood of what the user did; carries gradients
  at::Tensor scores;   ///< [K, B, n] of the candidates in the user's order; carries gradients
  at::Tensor present;  ///< [K, B, n] bool: false in the padding of smaller choices
};

/// Tensors a method carries from step to step, [K, ...] each, by name; saved in checkpoints.
using ObjectiveState = std::map<std::string, at::Tensor>;

/// A training run a trial needs before its own, or its own (the last stage). Stages with equal digests are the same
/// work: done once, kept by digest on the disk, shared between trials and agents.
struct Stage {
  std::string name;                  ///< "train", "pooled", "teacher"
  std::string objective;             ///< catalogue name of the method whose loss this stage minimises
  Settings settings;                 ///< what the stage trains with; with the seed and data it makes the digest
  std::optional<std::int64_t> only_group;  ///< train on this group's comparisons alone
  std::string warm_start;            ///< name of an earlier stage whose parameters it starts from; empty: fresh
  std::vector<std::string> reads;    ///< names of earlier stages whose training-set scores the objective reads
  bool operator==(const Stage&) const = default;
};

/// What earlier stages left for this one: stage name -> [K, M, n] scores of the training comparisons, no gradient.
using StageScores = std::map<std::string, at::Tensor>;

/// What a trial optimises: one method, one file. Stacked over K trials of one shape; every number a user may sweep is
/// a [K] tensor. Contract suite: tests/contract/training_objective_contract.hpp.
class TrainingObjective {
 public:
  virtual ~TrainingObjective() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The stages of one trial, in order; the last is the trial itself. One stage unless a method says otherwise.
  [[nodiscard]] virtual std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const;
  /// State before the first step, for trials with these settings.
  [[nodiscard]] virtual ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                                     const at::TensorOptions& options) const = 0;
  /// Loss of each trial, [K], with gradients; may move `state` forward (no gradients in it).
  [[nodiscard]] virtual at::Tensor loss(const PackBatch& batch, const StageScores& earlier, ObjectiveState& state) const = 0;
};

/// Every method there is.
[[nodiscard]] const std::vector<std::unique_ptr<TrainingObjective>>& objective_catalogue();
/// Null where there is none of that name.
[[nodiscard]] const TrainingObjective* find_objective(std::string_view name);

}  // namespace fairsweep
