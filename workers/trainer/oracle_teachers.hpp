#pragma once

#include <map>
#include <optional>
#include <string>

#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/stage_plan.hpp"
#include "workers/trainer/stage_training.hpp"

namespace fairsweep {

/// Scores the stages that trials trained on one group alone on that group's held-out comparisons: the upper reference
/// of a model that serves all groups. Test comparisons are among them, so nothing of this goes back to a method, a
/// stage or a choice; it is reported beside the trial and no more. Every piece of work is scored once.
class OracleTeachers {
 public:
  /// Borrows both.
  OracleTeachers(const TrainingSet& data, const TrainingFacts& facts) : data_(data), facts_(facts) {}

  /// Nothing unless exactly one stage before the plan's last was trained on each group alone.
  /// @param results holds those stages, none of them failed
  [[nodiscard]] std::optional<OracleScores> of(const TrialPlan& plan, const StageResults& results);

 private:
  /// What stage `place` says of both splits, whoever the comparisons are from.
  const OracleScores& said_by_stage(const TrialPlan& plan, std::size_t place, const StageResults& results);

  const TrainingSet& data_;
  const TrainingFacts& facts_;
  std::map<std::string, OracleScores> by_digest_;
};

}  // namespace fairsweep
