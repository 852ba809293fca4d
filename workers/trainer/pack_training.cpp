#include "workers/trainer/pack_training.hpp"

#include <optional>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/earlier_scores.hpp"
#include "workers/trainer/memory.hpp"
#include "workers/trainer/split_scoring.hpp"
#include "workers/trainer/stage_cache.hpp"
#include "workers/trainer/stage_training.hpp"
#include "workers/trainer/training_facts.hpp"

namespace fairsweep {
namespace {

std::vector<float> row_of(const at::Tensor& values, std::int64_t k, double sign) {
  const at::Tensor row = (values.select(0, k) * sign).to(at::kFloat).cpu().contiguous();
  return {row.data_ptr<float>(), row.data_ptr<float>() + row.numel()};
}

class PackTrainer {
 public:
  PackTrainer(const TrainingSet& data, const PackTrainingOptions& options)
      : data_(data), options_(options), facts_(training_facts(data)), cache_(options.artefact_directory) {}

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
  /// fail and leave `alive`.
  bool train_shared(const StageContext& context, std::vector<TrialPlan*>& alive, std::size_t stage) {
    std::vector<const TrialPlan*> first;  // the first trial that needs each piece
    std::map<std::string, std::vector<TrialPlan*>> sharers;
    for (TrialPlan* plan : alive) {
      const std::string& digest = plan->stages[stage].digest;
      sharers[digest].push_back(plan);
      if (sharers[digest].size() > 1 || results_.count(digest) > 0)
        continue;
      if (std::optional<StageResult> kept = cache_.find(digest, context.model.layout().size)) {
        results_[digest] = std::move(*kept);
      } else {
        first.push_back(plan);
      }
    }
    std::vector<std::vector<TrialId>> told;
    for (const TrialPlan* plan : first) {
      told.emplace_back();
      for (const TrialPlan* sharer : sharers.at(plan->stages[stage].digest))
        told.back().push_back(sharer->order.trial);
    }
    const StageFinished on_finished = [&](const auto& finished) {
      for (const auto& [place, result] : finished) {
        const std::string& digest = first[place]->stages[stage].digest;
        cache_.keep(digest, result);
        const std::vector<TrialPlan*>& sharing = sharers.at(digest);
        for (TrialPlan* plan : sharing)
          plan->earlier_seconds += result.seconds / static_cast<double>(sharing.size());
        results_[digest] = result;
      }
    };
    if (!first.empty()) {
      const EarlierScores earlier(first, stage, results_, data_, facts_);
      if (!train_stage(context, first, stage, results_, earlier, told, options_, on_finished))
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
    for (const auto& [place, result] : finished) {
      if (!result.failed)
        rows.push_back(result.parameters);
    }
    SplitEvaluation validation, test;
    if (!rows.empty()) {
      const at::Tensor parameters = at::stack(rows).to(data_.features.device());
      const std::vector<at::Tensor> blocks =
          context.model.for_scoring(block_views(context.model.layout(), parameters), context.known);
      validation = evaluate_split(context.model, blocks, data_.features, data_.validation);
      test = evaluate_split(context.model, blocks, data_.features, data_.test);
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
      outcome.validation = {row_of(validation.margin, k, 1), row_of(validation.loss, k, -1)};
      outcome.test = {row_of(test.margin, k, 1), row_of(test.loss, k, -1)};
      outcome.parameters = context.model.named_parameters(result.parameters.to(data_.features.device()), context.known);
      outcome.notes = context.objective.notes(plan.stages.back().stage.settings, facts_, earlier.of({&plan}),
                                              validation.scores.select(0, k).transpose(0, 1));
      outcome.notes["validation_watch"] = result.best_value;
      options_.on_outcome(std::move(outcome));
      ++k;
    }
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
};

}  // namespace

void train_pack(const std::vector<TrialOrder>& trials, const TrainingSet& data, const PackTrainingOptions& options) {
  keep_freed_memory();
  PackTrainer(data, options).train(trials);
}

}  // namespace fairsweep
