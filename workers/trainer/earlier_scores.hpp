#pragma once

#include <map>
#include <string>
#include <vector>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/stage_plan.hpp"
#include "workers/trainer/stage_training.hpp"

namespace fairsweep {

/// What the stages that a stage reads say about the comparisons. Every piece of work that trials share is scored once.
class EarlierScores {
 public:
  /// Scores for stage `stage` of these plans, all of one stack key.
  EarlierScores(const std::vector<const TrialPlan*>& plans, std::size_t stage, const StageResults& results,
                const TrainingSet& data, const TrainingFacts& facts);

  /// Stacked in the order of `plans`, of which each was among those of the constructor.
  [[nodiscard]] StageScores of(const std::vector<const TrialPlan*>& plans) const;

 private:
  std::size_t stage_;
  std::map<std::string, StageOutput> by_digest_;  ///< without the trial dimension
};

}  // namespace fairsweep
