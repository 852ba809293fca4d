#include "workers/trainer/mixed_stage.hpp"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/ensemble_source.hpp"
#include "workers/trainer/earlier_scores.hpp"
#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_trials_at_once = 16;

const PlannedStage& models_of(const TrialPlan& plan, std::size_t stage) {
  return plan.stages[static_cast<std::size_t>(plan.stages[stage].warm_start)];
}

/// Mean of the models' parameters [L * P], model after model; in double, so that the mean of equal ones is itself.
at::Tensor mean_parameters(const at::Tensor& row, const at::Tensor& weight) {
  const at::Tensor models = row.view({weight.size(0), -1}).to(at::kDouble);
  const at::Tensor share = weight.to(at::kDouble).cpu();
  at::Tensor mean = models[0] * share[0];
  for (std::int64_t model = 1; model < models.size(0); ++model)
    mean.add_(models[model] * share[model]);
  return mean.to(row.scalar_type());
}

/// "mixture of probabilities"
std::string joined_how(const PlannedStage& planned) {
  const bool for_all = planned.stage.averages_parameters;
  const MemberJoin join =
      for_all ? MemberJoin::mean_of_parameters : planned.objective->member_join(planned.stage.settings);
  std::string text(to_text(join));
  std::ranges::replace(text, '_', ' ');
  return join == MemberJoin::mean_of_parameters && !for_all ? text + ", each person's own" : text;
}

/// Some of the plans, as one stack.
class Mixing {
 public:
  Mixing(const StageContext& context, std::vector<const TrialPlan*> plans, std::size_t stage,
         const StageResults& results, const EarlierScores& earlier)
      : context_(context), plans_(std::move(plans)), stage_(stage), results_(results) {
    const at::TensorOptions options = context.data.features.options();
    std::vector<Settings> settings;
    settings.reserve(plans_.size());
    for (const TrialPlan* plan : plans_)
      settings.push_back(plan->stages[stage].stage.settings);
    const ObjectiveConstants constants =
        context.objective.constants(settings, context.facts, earlier.of(plans_), options);
    ObjectiveState state = context.objective.initial_state(settings, context.facts, constants, options);
    look_at_models(settings.front(), constants, state);
    for (const std::string& name : context.objective.learned())
      learned_[name] = state.at(name);
    const std::int64_t models = models_of(*plans_.front(), stage).stage.members;
    weight_ = context.objective.member_weights(static_cast<std::int64_t>(plans_.size()), models, learned_, options);
    check(weight_.size(1) == models, "a weight for each model that is mixed");
    join_ = context.objective.member_join(settings.front());
  }

  std::vector<StageResult> results() {
    std::vector<StageResult> answers(plans_.size());
    std::vector<at::Tensor> rows;
    rows.reserve(plans_.size());
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      answers[k].parameters = parameters(k);
      rows.push_back(answers[k].parameters);
      for (const auto& [name, values] : learned_)
        answers[k].learned[name] = values.select(0, static_cast<std::int64_t>(k)).cpu().clone();
    }
    const at::Tensor loss = watched(rows);
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      const auto place = static_cast<std::int64_t>(k);
      if (loss.defined())
        answers[k].best_value = context_.watch.value(loss.select(0, place), plans_[k]->stages[stage_].training.watch);
      if (!std::isfinite(answers[k].best_value) || !weight_.select(0, place).isfinite().all().item<bool>()) {
        answers[k].failed = true;
        answers[k].message = "the models that it mixes give scores that are no numbers";
      }
    }
    return answers;
  }

 private:
  /// What the method wants to know of the models before it weighs them.
  void look_at_models(const Settings& settings, const ObjectiveConstants& constants, ObjectiveState& state) const {
    const EpochLook look = context_.objective.look_after(settings, context_.facts, 0);
    if (!look.training && !look.history)
      return;
    const auto trials = static_cast<std::int64_t>(plans_.size());
    std::vector<at::Tensor> rows;
    rows.reserve(plans_.size());
    for (const TrialPlan* plan : plans_)
      rows.push_back(results_.at(models_of(*plan, stage_).digest).parameters);
    const std::vector<at::Tensor> blocks = context_.model.for_scoring(blocks_of(rows), context_.known);
    const auto losses_of = [&](const ComparisonTensors& split, bool wanted) {
      return wanted ? evaluate_split(context_.model, blocks, context_.data.features, split)
                          .loss.view({trials, context_.members, split.count()})
                    : at::Tensor();
    };
    static_cast<void>(context_.objective.after_epoch(
        {losses_of(context_.data.train, look.training), losses_of(context_.data.history, look.history)}, context_.facts,
        constants, state));
  }

  [[nodiscard]] bool averages() const { return plans_.front()->stages[stage_].stage.averages_parameters; }

  [[nodiscard]] at::Tensor parameters(std::size_t k) const {
    const at::Tensor& models = results_.at(models_of(*plans_[k], stage_).digest).parameters;
    const at::Tensor row =
        averages() ? mean_parameters(models, weight_.select(0, static_cast<std::int64_t>(k))) : models;
    check(row.numel() == context_.model.layout().size * context_.members, "the models fit the stage that mixes them");
    return row;
  }

  /// Loss of the mixtures on the validation comparisons, [K, V] on the CPU; undefined where nothing is watched.
  [[nodiscard]] at::Tensor watched(const std::vector<at::Tensor>& rows) const {
    if (context_.watch.empty())
      return {};
    const MemberMix mix = averages() || context_.members == 1 ? MemberMix() : MemberMix{weight_, join_};
    return evaluate_split(context_.model, context_.watching(blocks_of(rows)), context_.data.features,
                          context_.data.validation, mix)
        .loss.cpu();
  }

  [[nodiscard]] std::vector<at::Tensor> blocks_of(const std::vector<at::Tensor>& rows) const {
    const at::Tensor stacked = at::stack(rows).to(context_.data.features.device());
    return block_views(context_.model.layout(), stacked.view({-1, context_.model.layout().size}));
  }

  const StageContext& context_;
  std::vector<const TrialPlan*> plans_;
  std::size_t stage_;
  const StageResults& results_;
  ObjectiveState learned_;
  at::Tensor weight_;  ///< [K, L] or [K, L, U]
  MemberJoin join_ = MemberJoin::mean_of_scores;
};

}  // namespace

bool mix_stage(const StageContext& context, const std::vector<const TrialPlan*>& plans, std::size_t stage,
               const StageResults& results, const EarlierScores& earlier, const std::function<bool()>& should_stop,
               const StageFinished& on_finished) {
  using Clock = std::chrono::steady_clock;
  const at::NoGradGuard no_gradients;
  for (std::size_t first = 0; first < plans.size(); first += k_trials_at_once) {
    if (should_stop && should_stop())
      return false;
    const auto start = Clock::now();
    const std::size_t count = std::min(k_trials_at_once, plans.size() - first);
    const auto begin = plans.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<StageResult> answers =
        Mixing(context, {begin, begin + static_cast<std::ptrdiff_t>(count)}, stage, results, earlier).results();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(count);
    std::vector<std::pair<std::size_t, StageResult>> finished;
    finished.reserve(count);
    for (std::size_t k = 0; k < count; ++k) {
      answers[k].seconds = seconds;
      finished.emplace_back(first + k, std::move(answers[k]));
    }
    on_finished(finished);
  }
  return true;
}

void say_what_is_mixed(TrialOutcome& outcome, const TrialPlan& plan, const StageResult& result,
                       const TrainingFacts& facts) {
  const PlannedStage& own = plan.stages.back();
  if (!own.stage.trains_nothing)
    return;
  const PlannedStage& models = models_of(plan, plan.stages.size() - 1);
  ObjectiveState learned;
  for (const auto& [name, values] : result.learned)
    learned[name] = values.unsqueeze(0);
  const at::Tensor weights =
      own.objective->member_weights(1, models.stage.members, learned, at::TensorOptions(at::kDouble)).select(0, 0);
  const at::Tensor weight = weight_of_trained(weights, facts);
  if (weights.dim() == 2)
    outcome.notes["largest weight of people"] = weight_of_trained(weights.amax(0, true), facts).item<double>();
  const std::vector<std::string> names = own.objective->mixed_models(own.stage.settings, facts);
  check(static_cast<std::int64_t>(names.size()) == models.stage.members, "every model that is mixed has a name");
  std::string mixes;
  for (std::size_t model = 0; model < names.size(); ++model) {
    const double part = weight[static_cast<std::int64_t>(model)].item<double>();
    outcome.notes["weight of " + names[model]] = part;
    mixes += fmt::format("{}{} {:.4g}", mixes.empty() ? "" : ", ", names[model], part);
  }
  outcome.words["trained"] = "nothing";
  outcome.words["models"] = models.digest;
  outcome.words["mixes"] = mixes;
  outcome.words["joined"] = joined_how(own);
}

}  // namespace fairsweep
