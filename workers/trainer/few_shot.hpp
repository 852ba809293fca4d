#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/stack_training.hpp"

namespace fairsweep {

/// K trials of one stack that ended well.
struct TrainedTrials {
  const StageContext& context;
  const std::vector<at::Tensor>& blocks;     ///< of the layout, as they were trained, of K * L models
  const std::vector<Settings>& settings;     ///< [K] of the stage
  const StageScores& earlier;                ///< of these trials
  const ObjectiveState& learned;             ///< [K, ...] what the method learned beside the models
  const MemberMix& mix;                      ///< of K trials; undefined for single models
  const SplitEvaluation &validation, &test;  ///< what they say with everything that is known
};

/// Few-shot curves, one protocol for every model of users and every method: people who were not trained on are scored
/// as if the first 0, 1, 2, 4, ... comparisons of their history were all that is known of them (FewerAnswers), with
/// nothing trained again. What reads histories does so anew: fitted numbers, encoders, means of histories, the
/// posterior over hidden types, and the weights of people's own soups. What does not says the same at every step.
/// [K][steps], ascending; empty where the data have no history. Cost: a fit and a scoring of validation and test for
/// every step but the last.
[[nodiscard]] std::vector<std::vector<FewShotScores>> few_shot_scores(const TrainedTrials& trials);

}  // namespace fairsweep
