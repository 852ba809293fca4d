#include "workers/trainer/pack_training.hpp"

#include <chrono>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/earlier_scores.hpp"
#include "workers/trainer/few_shot.hpp"
#include "workers/trainer/members.hpp"
#include "workers/trainer/memory.hpp"
#include "workers/trainer/mixed_stage.hpp"
#include "workers/trainer/oracle_teachers.hpp"
#include "workers/trainer/split_scoring.hpp"
#include "workers/trainer/stage_cache.hpp"
#include "workers/trainer/stage_training.hpp"
#include "workers/trainer/training_facts.hpp"
#include "workers/trainer/user_model_notes.hpp"

namespace fairsweep {
namespace {

/// What the likelihood of a trained trial says of people; of L > 1 members each for itself, "member 0 likelihood nu".
std::map<std::string, double> likelihood_notes(const StageContext& context, const at::Tensor& parameters,
                                               const SplitEvaluation& validation, std::int64_t k) {
  const Likelihood& likelihood = likelihood_of(context.model.settings().likelihood);
  const std::vector<at::Tensor> blocks =
      block_views(context.model.layout(), parameters.view({-1, context.model.layout().size}));
  const auto learned = [&](std::int64_t member) {
    return likelihood.numbers().empty() ? at::Tensor() : blocks.back()[member].view({-1});
  };
  if (context.members == 1)
    return likelihood.notes(learned(0),
                            {validation.scores.narrow(0, k, 1),
                             validation.spread.defined() ? validation.spread.narrow(0, k, 1) : at::Tensor()});
  std::map<std::string, double> notes;
  for (std::int64_t member = 0; member < context.members; ++member) {
    for (const auto& [name, value] : likelihood.notes(learned(member), {}))
      notes["member " + std::to_string(member) + " " + name] = value;
  }
  return notes;
}

/// Numbers that a trial's models have learned; people's own count for those trained on.
double parameters_of(const StageContext& context) {
  // A variational model reads who somebody is off his comparisons.
  const bool learns_people = context.model.settings().user != UserInput::variational;
  const std::int64_t people = learns_people ? context.known.sum().item<std::int64_t>() : 0;
  return static_cast<double>(context.model.layout().learned_numbers(people) * context.members);
}

class PackTrainer {
 public:
  PackTrainer(const TrainingSet& data, const PackTrainingOptions& options)
      : data_(data),
        options_(options),
        facts_(training_facts(data)),
        cache_(options.artefact_directory),
        oracle_(data, facts_) {}

  void train(const std::vector<TrialOrder>& trials) {
    std::vector<std::pair<std::string, std::vector<TrialPlan>>> packs;  // by stack key, in the order they came
    for (const TrialOrder& order : trials) {
      try {
        TrialPlan plan = plan_trial(order, facts_, options_);
        auto pack = packs.begin();
        while (pack != packs.end() && pack->first != plan.stack_key)
          ++pack;
        if (pack == packs.end())
          pack = packs.insert(pack, {plan.stack_key, {}});
        pack->second.push_back(std::move(plan));
      } catch (const UserError& error) {
        fail(order.trial, "setup", "bad_setting", error.what(), 0);
      }
    }
    for (auto& [key, plans] : packs) {
      if (!train_plans(plans))
        return;
    }
  }

 private:
  /// Trials of one stack key, stage by stage. False: asked to stop.
  bool train_plans(std::vector<TrialPlan>& plans) {
    std::vector<TrialPlan*> alive;
    for (TrialPlan& plan : plans)
      alive.push_back(&plan);
    const std::size_t stages = plans.front().stages.size();
    for (std::size_t stage = 0; stage < stages && !alive.empty(); ++stage) {
      try {
        const StageContext context = stage_context(*alive.front(), stage, data_, facts_);
        const bool last = stage + 1 == stages;
        if (last ? !train_last(context, alive, stage) : !train_shared(context, alive, stage))
          return false;
      } catch (const UserError& error) {
        if (error.code() != ExitCode::configuration)
          throw;  // a full disk is not the trial's fault
        for (const TrialPlan* plan : alive)
          fail(plan->order.trial, "setup", "bad_setting", error.what(), 0);
        return true;
      }
    }
    return true;
  }

  /// A stage before the last: each piece of work once, from the cache where it is there. Trials whose stage failed
  /// fail and leave `alive`. False: asked to stop.
  bool train_shared(const StageContext& context, std::vector<TrialPlan*>& alive, std::size_t stage) {
    std::map<std::string, std::vector<TrialPlan*>> sharers;
    for (TrialPlan* plan : alive)
      sharers[plan->stages[stage].digest].push_back(plan);
    while (true) {
      std::vector<const TrialPlan*> first;  // the first trial that needs each piece that is ours to train
      std::vector<FileClaim> claims;        // until all of them are kept
      bool others_train = false;
      for (const auto& [digest, sharing] : sharers) {
        if (results_.count(digest) > 0 || take_from_cache(context, *sharing.front(), stage, sharing.size()))
          continue;
        std::optional<FileClaim> claim = cache_.claim(digest);
        if (!claim) {
          others_train = true;
        } else if (!take_from_cache(context, *sharing.front(), stage, sharing.size())) {  // ended before our claim
          claims.push_back(std::move(*claim));
          first.push_back(sharing.front());
        }
      }
      if (!first.empty() && !train_pieces(context, first, sharers, stage))
        return false;
      if (!others_train)
        break;
      if (first.empty() && !wait_for_others(alive, stage))
        return false;
    }
    std::vector<TrialPlan*> left;
    for (TrialPlan* plan : alive) {
      const StageResult& result = results_.at(plan->stages[stage].digest);
      if (result.failed) {
        fail(plan->order.trial, "training", "non_finite_loss",
             "in stage \"" + plan->stages[stage].stage.name + "\" " + result.message, result.epochs);
      } else {
        left.push_back(plan);
      }
    }
    alive = std::move(left);
    return true;
  }

  bool take_from_cache(const StageContext& context, const TrialPlan& plan, std::size_t stage, std::size_t trials) {
    const PlannedStage& planned = plan.stages[stage];
    std::optional<StageResult> kept = cache_.find(planned.digest, context.model.layout().size * context.members);
    if (!kept)
      return false;
    tell(planned, *kept, true, trials);
    results_[planned.digest] = std::move(*kept);
    return true;
  }

  bool train_pieces(const StageContext& context, const std::vector<const TrialPlan*>& first,
                    const std::map<std::string, std::vector<TrialPlan*>>& sharers, std::size_t stage) {
    std::vector<std::vector<TrialId>> told;
    for (const TrialPlan* plan : first) {
      told.emplace_back();
      for (const TrialPlan* sharer : sharers.at(plan->stages[stage].digest))
        told.back().push_back(sharer->order.trial);
    }
    const StageFinished on_finished = [&](const auto& finished) {
      for (const auto& [place, result] : finished) {
        const PlannedStage& planned = first[place]->stages[stage];
        cache_.keep(planned.digest, result);
        const std::vector<TrialPlan*>& sharing = sharers.at(planned.digest);
        for (TrialPlan* plan : sharing)
          plan->earlier_seconds += result.seconds / static_cast<double>(sharing.size());
        results_[planned.digest] = result;
        tell(planned, result, false, sharing.size());
      }
    };
    const EarlierScores earlier(first, stage, results_, data_, facts_);
    return train_stage(context, first, stage, results_, earlier, told, options_, on_finished);
  }

  void tell(const PlannedStage& planned, const StageResult& result, bool found, std::size_t trials) const {
    if (options_.on_stage) {
      options_.on_stage(
          {planned.stage.name, planned.digest, found, result.failed, result.epochs, result.seconds, trials});
    }
  }

  /// Another process trains what we need. A sign of life now and then, so that nobody takes waiting for death.
  bool wait_for_others(const std::vector<TrialPlan*>& alive, std::size_t stage) const {
    if (options_.should_stop && options_.should_stop())
      return false;
    if (options_.on_progress) {
      const auto [before, all] = epochs_before(*alive.front(), stage);
      for (const TrialPlan* plan : alive) {
        options_.on_progress({plan->order.trial, static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(all),
                              std::numeric_limits<double>::quiet_NaN()});
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return true;
  }

  bool train_last(const StageContext& context, const std::vector<TrialPlan*>& alive, std::size_t stage) {
    const std::vector<const TrialPlan*> plans(alive.begin(), alive.end());
    std::vector<std::vector<TrialId>> told;
    for (const TrialPlan* plan : plans)
      told.push_back({plan->order.trial});
    const EarlierScores earlier(plans, stage, results_, data_, facts_);
    const StageFinished on_finished = [&](const auto& finished) { report(context, plans, earlier, finished); };
    return train_stage(context, plans, stage, results_, earlier, told, options_, on_finished);
  }

  /// Outcomes of trials that ended together; their models are evaluated as one stack.
  void report(const StageContext& context, const std::vector<const TrialPlan*>& plans, const EarlierScores& earlier,
              const std::vector<std::pair<std::size_t, StageResult>>& finished) {
    std::vector<at::Tensor> rows;
    std::vector<const TrialPlan*> well;
    std::vector<Settings> settings;
    for (const auto& [place, result] : finished) {
      if (result.failed)
        continue;
      rows.push_back(result.parameters);
      well.push_back(plans[place]);
      settings.push_back(plans[place]->stages.back().stage.settings);
    }
    SplitEvaluation validation, test;
    MemberMix mix;
    std::vector<at::Tensor> blocks;
    std::vector<std::map<std::string, double>> user_notes;
    std::vector<PersonaUse> validation_personas, test_personas;
    std::vector<std::vector<FewShotScores>> few_shot;
    if (!rows.empty()) {
      const std::int64_t size = context.model.layout().size;
      const at::Tensor parameters = at::stack(rows).to(data_.features.device()).view({-1, size});
      const std::vector<at::Tensor> trained = block_views(context.model.layout(), parameters);
      user_notes = user_model_notes(context.model, trained, context.known);
      blocks = context.scoring(trained);
      const ObjectiveState learned = learned_by(finished);
      if (context.members > 1)
        mix = {context.objective.member_weights(static_cast<std::int64_t>(rows.size()), context.members, learned,
                                                data_.features.options()),
               context.objective.member_join(plans.front()->stages.back().stage.settings)};
      validation = evaluate_split(context.model, blocks, data_.features, data_.validation, mix);
      test = evaluate_split(context.model, blocks, data_.features, data_.test, mix);
      if (context.members == 1 && context.model.settings().user == UserInput::personas) {
        validation_personas = persona_use(context.model, blocks, data_, data_.validation);
        test_personas = persona_use(context.model, blocks, data_, data_.test);
      }
      if (options_.few_shot)
        few_shot = few_shot_scores({context, trained, settings, earlier.of(well), learned, mix, validation, test});
    }
    std::int64_t k = 0;
    for (const auto& [place, result] : finished) {
      const TrialPlan& plan = *plans[place];
      if (result.failed) {
        fail(plan.order.trial, "training", "non_finite_loss", result.message, result.epochs);
        continue;
      }
      TrialOutcome outcome;
      outcome.trial = plan.order.trial;
      outcome.epochs = static_cast<std::uint32_t>(result.epochs);
      outcome.best_epoch = static_cast<std::uint32_t>(result.best_epoch);
      outcome.seconds = plan.earlier_seconds + result.seconds;
      outcome.validation = scores_of(validation, k);
      outcome.test = scores_of(test, k);
      outcome.parameters =
          named_members(context.model, blocks, k, mix.defined() ? mix.weight.select(0, k) : at::Tensor());
      outcome.join = mix.join;
      if (!few_shot.empty())
        outcome.few_shot = std::move(few_shot[static_cast<std::size_t>(k)]);
      if (!test_personas.empty()) {
        outcome.validation_personas = validation_personas[static_cast<std::size_t>(k)];
        outcome.test_personas = test_personas[static_cast<std::size_t>(k)];
      }
      outcome.notes = context.objective.notes(plan.stages.back().stage.settings, facts_, earlier.of({&plan}),
                                              validation.scores.select(0, k).transpose(0, 1));
      outcome.notes.merge(likelihood_notes(context, result.parameters, validation, k));
      if (!user_notes.empty() && context.members == 1)
        outcome.notes.merge(user_notes[static_cast<std::size_t>(k)]);
      outcome.notes["validation_watch"] = result.best_value;
      outcome.notes["parameters"] = parameters_of(context);
      outcome.oracle = oracle_.of(plan, results_);
      if (context.members > 1)
        outcome.notes["members"] = static_cast<double>(context.members);
      say_what_is_mixed(outcome, plan, result, facts_);
      options_.on_outcome(std::move(outcome));
      ++k;
    }
  }

  /// What the method learned beside the models that ended well, [K, ...] by name.
  [[nodiscard]] ObjectiveState learned_by(const std::vector<std::pair<std::size_t, StageResult>>& finished) const {
    std::map<std::string, std::vector<at::Tensor>> rows;
    for (const auto& [place, result] : finished) {
      for (const auto& [name, values] : result.learned) {
        if (!result.failed)
          rows[name].push_back(values);
      }
    }
    ObjectiveState learned;
    for (const auto& [name, values] : rows)
      learned[name] = at::stack(values).to(data_.features.device());
    return learned;
  }

  void fail(TrialId trial, const std::string& stage, const std::string& reason, const std::string& message,
            std::int64_t epochs) {
    TrialOutcome outcome;
    outcome.trial = trial;
    outcome.failed = true;
    outcome.epochs = static_cast<std::uint32_t>(epochs);
    outcome.failure.trial = trial;
    outcome.failure.stage = stage;
    outcome.failure.reason = reason;
    outcome.failure.message = message;
    outcome.failure.retryable = false;  // the same numbers would come out again
    options_.on_outcome(std::move(outcome));
  }

  const TrainingSet& data_;
  const PackTrainingOptions& options_;
  TrainingFacts facts_;
  StageCache cache_;
  StageResults results_;
  OracleTeachers oracle_;
};

}  // namespace

void train_pack(const std::vector<TrialOrder>& trials, const TrainingSet& data, const PackTrainingOptions& options) {
  keep_freed_memory();
  PackTrainer(data, options).train(trials);
}

}  // namespace fairsweep
