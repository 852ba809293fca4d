#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/trainer/stage_training.hpp"

namespace fairsweep {

/// Ends a stage that trains nothing (Stage::trains_nothing): its models are those of the stage it starts from, or their
/// mean, and the weights are what its method makes of what it reads. Told in parts of some trials, between which it may
/// be asked to stop; what it did before then is cheap to do again, so there are no checkpoints.
/// False: asked to stop.
[[nodiscard]] bool mix_stage(const StageContext& context, const std::vector<const TrialPlan*>& plans, std::size_t stage,
                             const StageResults& results, const EarlierScores& earlier,
                             const std::function<bool()>& should_stop, const StageFinished& on_finished);

/// What a reader of the results must know of a trial whose own stage trained nothing: `words` "trained", "joined",
/// "models" (the digest of the stage that left them) and "mixes", and for every model a note "weight of <model>", over
/// people its mean. Nothing for other trials.
void say_what_is_mixed(TrialOutcome& outcome, const TrialPlan& plan, const StageResult& result,
                       const TrainingFacts& facts);

}  // namespace fairsweep
