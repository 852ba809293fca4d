#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/stack_training.hpp"
#include "workers/trainer/stage_plan.hpp"

namespace fairsweep {

/// Results of stages by digest.
using StageResults = std::map<std::string, StageResult>;

/// What a stage of these plans (one stack key) trains on and with. `stage` is its place.
/// @throws UserError (configuration) where the data cannot serve the stage, for example a group without comparisons.
[[nodiscard]] StageContext stage_context(const TrialPlan& plan, std::size_t stage, const TrainingSet& data,
                                         const TrainingFacts& facts);

class EarlierScores;

/// Epochs of the stages before this one, and of all together.
[[nodiscard]] std::pair<std::int64_t, std::int64_t> epochs_before(const TrialPlan& plan, std::size_t stage);

/// Called with the plans (by place) that ended together and how.
using StageFinished = std::function<void(const std::vector<std::pair<std::size_t, StageResult>>&)>;

/// Trains stage `stage` of the plans, one run each, continuing from checkpoints, in stacks of a sensible size; or mixes
/// what is there, where the stage trains nothing.
/// False: asked to stop. Progress is told of `told[i]` for plan i. `earlier` knows these plans.
[[nodiscard]] bool train_stage(const StageContext& context, const std::vector<const TrialPlan*>& plans,
                               std::size_t stage, const StageResults& results, const EarlierScores& earlier,
                               const std::vector<std::vector<TrialId>>& told, const PackTrainingOptions& options,
                               const StageFinished& on_finished);

}  // namespace fairsweep
