#include "workers/trainer/few_shot.hpp"

#include <ATen/core/grad_mode.h>

#include <utility>

#include "workers/trainer/fewer_answers.hpp"
#include "workers/trainer/split_scoring.hpp"
#include "workers/trainer/training_facts.hpp"

namespace fairsweep {
namespace {

/// Does the method weigh models anew for people it meets? A single model has no weights.
bool meets_people(const TrainedTrials& trials) {
  return trials.mix.defined() &&
         trials.context.objective.look_after(trials.settings.front(), trials.context.facts, 1).history;
}

bool reads_history(const RewardModel& model) {
  const ModelSettings& settings = model.settings();
  return settings.user == UserInput::history || settings.user == UserInput::variational ||
         (model.own_numbers() > 0 && settings.adaptation == Adaptation::fit);
}

/// How the members count for people of whom `fewer` is known, as the method decides it of people it meets.
MemberMix mix_by(const TrainedTrials& trials, const TrainingSet& fewer, const RewardModel& model) {
  const StageContext& context = trials.context;
  const std::int64_t count = trials.mix.trials();
  const at::Tensor loss =
      evaluate_split(model, model.for_scoring(trials.blocks, context.known), fewer.features, fewer.history)
          .loss.view({count, context.members, fewer.history.count()});
  TrainingFacts facts = context.facts;
  facts.history = comparison_facts(fewer.history, fewer.features.scalar_type());
  const at::TensorOptions options = fewer.features.options();
  const ObjectiveConstants constants = context.objective.constants(trials.settings, facts, trials.earlier, options);
  ObjectiveState state = context.objective.initial_state(trials.settings, facts, constants, options);
  for (const auto& [name, values] : trials.learned)
    state[name] = values.clone();
  static_cast<void>(context.objective.after_epoch({{}, loss}, facts, constants, state));
  ObjectiveState learned;
  for (const auto& [name, values] : trials.learned)
    learned[name] = state.at(name);
  return {context.objective.member_weights(count, context.members, learned, options), trials.mix.join};
}

}  // namespace

std::vector<std::vector<FewShotScores>> few_shot_scores(const TrainedTrials& trials) {
  const at::NoGradGuard no_gradients;
  const StageContext& context = trials.context;
  const FewerAnswers answers(context.data);
  const std::vector<std::int64_t> steps = answers.steps();
  const bool meets = meets_people(trials);
  const bool moves = meets || reads_history(context.model);
  std::vector<std::vector<FewShotScores>> curves(trials.settings.size());
  const auto add = [&curves](std::int64_t shots, const SplitEvaluation& validation, const SplitEvaluation& test) {
    for (std::size_t k = 0; k < curves.size(); ++k) {
      const auto place = static_cast<std::int64_t>(k);
      curves[k].push_back({shots, scores_of(validation, place), scores_of(test, place)});
    }
  };
  for (const std::int64_t shots : steps) {
    if (!moves || shots == steps.back()) {
      add(shots, trials.validation, trials.test);
      continue;
    }
    const TrainingSet fewer = answers.known_by(shots);
    const RewardModel model(context.model.settings(), fewer);
    std::vector<at::Tensor> blocks = model.for_scoring(trials.blocks, context.known);
    if (!context.everybody.empty())
      blocks = PeopleFit(fewer, context.known.logical_not()).fitted(model, std::move(blocks), context.known);
    const MemberMix mix = meets ? mix_by(trials, fewer, model) : trials.mix;
    add(shots, evaluate_split(model, blocks, fewer.features, fewer.validation, mix),
        evaluate_split(model, blocks, fewer.features, fewer.test, mix));
  }
  return curves;
}

}  // namespace fairsweep
