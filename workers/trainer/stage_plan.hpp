#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/protocol/messages.hpp"
#include "objectives/training/training_objective.hpp"
#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// A stage of a trial, read and named.
struct PlannedStage {
  Stage stage;
  const TrainingObjective* objective = nullptr;
  ModelSettings model;
  TrainingSettings training;
  RandomKey key;
  std::string digest;  ///< equal for equal work: settings, objective, group, what it starts from and reads, seed, data
  std::int64_t warm_start = -1;     ///< place of the stage it starts from; -1: fresh
  std::vector<std::int64_t> reads;  ///< places of the stages it reads
};

struct TrialPlan {
  TrialOrder order;
  std::vector<PlannedStage> stages;  ///< the last is the trial itself
  std::string stack_key;             ///< trials with equal keys can be stacked
  double earlier_seconds = 0;        ///< the trial's share of the stages before its own
};

/// What a trial has to do. Random streams of the last stage are keyed by configuration and replicate; those of a stage
/// that trials may share by its digest, so that it is the same for all of them.
/// @throws UserError (configuration) where a setting is missing or wrong or the method does not fit the data.
[[nodiscard]] TrialPlan plan_trial(const TrialOrder& order, const TrainingFacts& facts,
                                   const PackTrainingOptions& options);

}  // namespace fairsweep
