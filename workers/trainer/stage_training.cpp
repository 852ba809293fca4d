#include "workers/trainer/stage_training.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/context_comparisons.hpp"
#include "workers/trainer/earlier_scores.hpp"
#include "workers/trainer/likelihoods/fits_data.hpp"
#include "workers/trainer/mixed_stage.hpp"
#include "workers/trainer/stack_rate.hpp"
#include "workers/trainer/stack_size.hpp"
#include "workers/trainer/stack_size_search.hpp"

namespace fairsweep {
namespace {

std::vector<std::int64_t> rows_of_group(const ComparisonTensors& comparisons, std::optional<std::int64_t> only_group) {
  std::vector<std::int64_t> rows;
  const at::Tensor group = comparisons.group.cpu();
  for (std::int64_t i = 0; i < comparisons.count(); ++i) {
    if (!only_group || group.data_ptr<std::int64_t>()[i] == *only_group)
      rows.push_back(i);
  }
  return rows;
}

/// [users] bool: who has any of these comparisons.
at::Tensor users_in(const ComparisonTensors& comparisons, std::int64_t users) {
  const at::Tensor there = at::zeros({users}, at::TensorOptions(at::kBool).device(comparisons.user.device()));
  return there.index_fill(0, comparisons.user, true);
}

/// Users in these comparisons, and those the stage it starts from has learned about.
at::Tensor known_users(const TrialPlan& plan, std::size_t stage, const TrainingSet& data) {
  at::Tensor known = at::zeros({data.users}, at::kBool);
  const at::Tensor user = data.train.user.cpu();
  for (std::int64_t place = static_cast<std::int64_t>(stage); place >= 0;
       place = plan.stages[static_cast<std::size_t>(place)].warm_start) {
    for (const std::int64_t row :
         rows_of_group(data.train, plan.stages[static_cast<std::size_t>(place)].stage.only_group)) {
      known.data_ptr<bool>()[user.data_ptr<std::int64_t>()[row]] = true;
    }
  }
  return known.to(data.features.device());
}

StackDemand demand_of(const StageContext& context, const TrainingSettings& training) {
  const ModelSettings& model = context.model.settings();
  StackDemand demand;
  demand.parameters = context.model.layout().size * context.members;
  demand.batch = epoch_shape(static_cast<std::int64_t>(context.rows.size()), training.batch).stored;
  demand.candidates = context.batches.candidates();
  demand.features = context.data.features.size(1) * context.members;
  demand.hidden = model.head == Head::mlp ? padded(model.width) * model.depth * context.members : 0;
  return demand;
}

/// Names whatever decides how fast a stack of the stage trains in this process.
std::string shape_of(const StageContext& context, const StackDemand& demand) {
  const ModelSettings& model = context.model.settings();
  std::string shape(context.objective.name());
  for (const std::int64_t part :
       {static_cast<std::int64_t>(model.head), static_cast<std::int64_t>(model.user), model.width, model.depth,
        context.members, demand.parameters, context.trained_numbers(), demand.batch, demand.candidates,
        context.batches.most_ranked(), demand.features, context.data.features.size(0),
        static_cast<std::int64_t>(context.data.features.device().index())}) {
    shape += ' ';
    shape += std::to_string(part);
  }
  return shape;
}

/// Trials in one stack of these runs, measured where the training is long enough to pay for that.
std::int64_t automatic_stack_size(const StageContext& context, const TrialPlan& plan, const std::vector<StageRun>& runs,
                                  const EarlierScores& earlier) {
  static StackSizeSearch search(StackRate::k_cost);  // what it knows holds as long as the process
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const TrainingSettings& training = runs.front().training;
  const bool on_gpu = context.data.features.is_cuda();
  const StackDemand demand = demand_of(context, training);
  const auto count = static_cast<std::int64_t>(runs.size());
  const std::int64_t steps = epoch_shape(static_cast<std::int64_t>(context.rows.size()), training.batch).steps;
  std::optional<StackRate> rate;
  return search.choose({shape_of(context, demand), count, count * training.epochs * steps, largest_stack(on_gpu),
                        guessed_stack_size(demand, on_gpu)},
                       [&](std::int64_t size) {
                         if (!rate)
                           rate.emplace(context, runs.front(), earlier.of({&plan}));
                         return rate->of(size);
                       });
}

/// Runs that can share a stack: those at the same epoch, at most `most` together.
std::vector<std::vector<std::int64_t>> stacks_of(const std::vector<StageRun>& runs, std::int64_t most) {
  std::map<std::int64_t, std::vector<std::int64_t>> by_epoch;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    by_epoch[runs[i].resume ? runs[i].resume->epochs : 0].push_back(static_cast<std::int64_t>(i));
  }
  std::vector<std::vector<std::int64_t>> stacks;
  for (const auto& [epoch, members] : by_epoch) {
    const auto count = static_cast<std::int64_t>(members.size());
    const std::int64_t parts = (count + most - 1) / most;
    for (std::int64_t part = 0; part < parts; ++part) {  // parts of nearly equal size
      stacks.emplace_back(members.begin() + part * count / parts, members.begin() + (part + 1) * count / parts);
    }
  }
  return stacks;
}

StageRun run_of(const TrialPlan& plan, std::size_t stage, const StageContext& context, const StageResults& results,
                const PackTrainingOptions& options) {
  const PlannedStage& planned = plan.stages[stage];
  StageRun run;
  run.key = planned.key;
  run.settings = planned.stage.settings;
  run.training = planned.training;
  run.digest = planned.digest;
  if (planned.warm_start >= 0) {
    run.start = results.at(plan.stages[static_cast<std::size_t>(planned.warm_start)].digest).parameters;
  }
  if (!options.checkpoint_directory.empty()) {
    run.resume = read_checkpoint(options.checkpoint_directory, run.digest, context.trained_numbers());
  }
  return run;
}

}  // namespace

StageContext stage_context(const TrialPlan& plan, std::size_t stage, const TrainingSet& data,
                           const TrainingFacts& facts) {
  const PlannedStage& planned = plan.stages[stage];
  const std::optional<std::int64_t> only_group = planned.stage.only_group;
  std::vector<std::int64_t> rows = rows_of_group(data.train, only_group);
  if (rows.empty()) {
    const std::string who = only_group ? "group \"" + data.groups.at(static_cast<std::size_t>(*only_group)) + "\" has"
                                       : std::string("there are");
    throw UserError(ExitCode::configuration, who + " no training comparisons, which stage \"" + planned.stage.name +
                                                 "\" needs; use another split, grouping or method");
  }
  check(planned.stage.low_rank == 0 || planned.stage.members == 1, "a low-rank stage trains one model");
  require_fits_data(likelihood_of(planned.model.likelihood), data);
  StageContext context{data,
                       facts,
                       *planned.objective,
                       RewardModel(planned.model, data),
                       EpochBatches(planned.stage.trains_on_contexts ? with_other_candidates(data.train) : data.train,
                                    facts.training.weight, planned.model.user == UserInput::history),
                       std::move(rows),
                       ValidationWatch(data.validation, rows_of_group(data.validation, only_group), data),
                       known_users(plan, stage, data),
                       planned.stage.members,
                       planned.stage.starts_apart,
                       planned.stage.keeps_last};
  if (context.model.own_numbers() > 0 && planned.model.adaptation == Adaptation::fit) {
    const at::Tensor strangers = context.known.logical_not();
    context.everybody = PeopleFit(data, strangers);
    context.watched = PeopleFit(data, strangers.logical_and(users_in(data.validation, data.users)));
  }
  if (planned.stage.low_rank > 0)
    context.low_rank.emplace(context.model.layout(), planned.stage.low_rank);
  return context;
}

std::pair<std::int64_t, std::int64_t> epochs_before(const TrialPlan& plan, std::size_t stage) {
  std::int64_t before = 0;
  std::int64_t all = 0;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    all += plan.stages[i].training.epochs;
    if (i < stage)
      before += plan.stages[i].training.epochs;
  }
  return {before, all};
}

bool train_stage(const StageContext& context, const std::vector<const TrialPlan*>& plans, std::size_t stage,
                 const StageResults& results, const EarlierScores& earlier,
                 const std::vector<std::vector<TrialId>>& told, const PackTrainingOptions& options,
                 const StageFinished& on_finished) {
  if (plans.front()->stages[stage].stage.trains_nothing)
    return mix_stage(context, plans, stage, results, earlier, options.should_stop, on_finished);
  std::vector<StageRun> runs;
  for (const TrialPlan* plan : plans)
    runs.push_back(run_of(*plan, stage, context, results, options));
  const auto [before, of_all] = epochs_before(*plans.front(), stage);
  const std::int64_t most = options.trials_per_stack > 0 ? options.trials_per_stack
                                                         : automatic_stack_size(context, *plans.front(), runs, earlier);
  for (const std::vector<std::int64_t>& members : stacks_of(runs, most)) {
    std::vector<StageRun> stack;
    std::vector<const TrialPlan*> of_stack;
    for (const std::int64_t member : members) {
      stack.push_back(runs[static_cast<std::size_t>(member)]);
      of_stack.push_back(plans[static_cast<std::size_t>(member)]);
    }
    const auto plan_of = [&members](std::size_t run) { return static_cast<std::size_t>(members[run]); };
    StackHooks hooks;
    hooks.checkpoint_directory = options.checkpoint_directory;
    hooks.checkpoint_seconds = options.checkpoint_seconds;
    hooks.should_stop = options.should_stop;
    hooks.on_epoch = [&, done = before, all = of_all](std::size_t run, std::int64_t epoch, double watched) {
      if (!options.on_progress)
        return;
      for (const TrialId trial : told[plan_of(run)]) {
        options.on_progress(
            {trial, static_cast<std::uint32_t>(done + epoch), static_cast<std::uint32_t>(all), watched});
      }
    };
    hooks.on_finished = [&](std::vector<std::pair<std::size_t, StageResult>> finished) {
      for (auto& [run, result] : finished)
        run = plan_of(run);
      on_finished(finished);
    };
    if (!train_stack(context, stack, earlier.of(of_stack), hooks))
      return false;
  }
  return true;
}

}  // namespace fairsweep
