#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/checkpoint.hpp"
#include "workers/trainer/epoch_batches.hpp"
#include "workers/trainer/low_rank.hpp"
#include "workers/trainer/people_fit.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/validation_watch.hpp"

namespace fairsweep {

/// What the runs of a stack share: a stage of one shape.
struct StageContext {
  const TrainingSet& data;
  const TrainingFacts& facts;
  const TrainingObjective& objective;
  RewardModel model;
  EpochBatches batches;
  std::vector<std::int64_t> rows;                  ///< training comparisons of the stage, at least one
  ValidationWatch watch;                           ///< empty: nothing to choose by, the last epoch is kept
  at::Tensor known;                                ///< [U] bool on the device: users the model has learned about
  std::int64_t members = 1;                        ///< L models a run
  bool starts_apart = false;                       ///< as Stage
  bool keeps_last = false;                         ///< as Stage
  std::optional<LowRank> low_rank = std::nullopt;  ///< what a low-rank stage trains instead of the model's parameters
  PeopleFit watched = {};    ///< people of the validation split who are not known, to be fitted before it is scored
  PeopleFit everybody = {};  ///< all who are not known

  /// `blocks` as they score anybody: see RewardModel::for_scoring and PeopleFit.
  [[nodiscard]] std::vector<at::Tensor> scoring(const std::vector<at::Tensor>& blocks) const {
    return everybody.fitted(model, model.for_scoring(blocks, known), known);
  }
  /// The same for the people of the validation split alone.
  [[nodiscard]] std::vector<at::Tensor> watching(const std::vector<at::Tensor>& blocks) const {
    return watched.fitted(model, model.for_scoring(blocks, known), known);
  }
  /// Numbers a run trains: the length of its row in checkpoints.
  [[nodiscard]] std::int64_t trained_numbers() const {
    return low_rank ? low_rank->size() : model.layout().size * members;
  }
};

/// One training run: a trial's own, or a stage that trials share.
struct StageRun {
  RandomKey key;
  Settings settings;
  TrainingSettings training;  ///< epochs, batch, schedule, patience and watch are equal in a stack
  std::string digest;         ///< names the run's checkpoint
  at::Tensor start;  ///< [P] or [L * P] on the CPU to start from; undefined: random start values; never so in a
                     ///< low-rank stage
  std::optional<RunSnapshot> resume;  ///< epochs and steps are equal in a stack
};

/// How a run ended.
struct StageResult {
  bool failed = false;
  std::string message;          ///< where failed: what was not finite, and when
  std::int64_t epochs = 0;      ///< trained
  std::int64_t best_epoch = 0;  ///< counted from 1
  double best_value = 0;        ///< what the watch said of it; 0 without a watch
  double seconds = 0;           ///< the run's share of the wall time, earlier attempts included
  at::Tensor parameters;        ///< [P], of L members [L * P], on the CPU, of the best epoch
  ObjectiveState learned;       ///< what the method learned beside the model, as of the best epoch
};

struct StackHooks {
  std::filesystem::path checkpoint_directory;  ///< empty: no checkpoints
  double checkpoint_seconds = 60;
  std::function<void(std::size_t run, std::int64_t epoch, double watched)> on_epoch;
  /// Runs that ended with the same epoch, by their place in `runs`.
  std::function<void(std::vector<std::pair<std::size_t, StageResult>>)> on_finished;
  std::function<bool()> should_stop;  ///< asked between epochs; may be empty
};

/// Trains the runs as one stack; ended and failed runs leave it. False: stopped early with a checkpoint of every run
/// left. Checkpoints of runs that end are removed.
[[nodiscard]] bool train_stack(const StageContext& context, const std::vector<StageRun>& runs,
                               const StageScores& earlier, const StackHooks& hooks);

}  // namespace fairsweep
