#include "workers/trainer/stage_plan.hpp"

#include <utility>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {
namespace {

const TrainingObjective& objective_named(const std::string& name, const PackTrainingOptions& options) {
  if (const TrainingObjective* objective = options.find_method(name))
    return *objective;
  std::vector<std::string> known;
  for (const auto& objective : objective_catalogue())
    known.emplace_back(objective->name());
  std::string list;
  for (const std::string& method : known)
    list += (list.empty() ? "" : ", ") + method;
  throw UserError(ExitCode::configuration,
                  "there is no method \"" + name + "\"" + did_you_mean(name, known) + "; there are " + list);
}

std::int64_t place_of(const std::string& name, const std::vector<PlannedStage>& earlier) {
  for (std::size_t i = 0; i < earlier.size(); ++i) {
    if (earlier[i].stage.name == name)
      return static_cast<std::int64_t>(i);
  }
  throw InternalError("this is a bug, please report it: a method names stage \"" + name +
                      "\", which does not come earlier");
}

/// What decides what a step of the stage computes, beside its settings; nothing for most stages.
std::string shape_text(const Stage& stage) {
  std::string text;
  if (stage.low_rank > 0)
    text += "low rank " + std::to_string(stage.low_rank) + "\n";
  if (stage.trains_on_contexts)
    text += "trains on contexts\n";
  if (stage.trains_nothing)
    text += stage.averages_parameters ? "averages parameters\n" : "trains nothing\n";
  return text;
}

std::string description(const PlannedStage& planned, const std::vector<PlannedStage>& earlier) {
  const Stage& stage = planned.stage;
  std::string text = "objective " + stage.objective + "\n";
  if (stage.only_group)
    text += "group " + std::to_string(*stage.only_group) + "\n";
  if (stage.members > 1)
    text += "members " + std::to_string(stage.members) + "\n";
  text += shape_text(stage);
  if (planned.warm_start >= 0)
    text += "from " + earlier[static_cast<std::size_t>(planned.warm_start)].digest + "\n";
  for (std::size_t i = 0; i < planned.reads.size(); ++i) {
    text += std::string(stage.reads_contexts ? "reads contexts " : "reads ") + stage.reads[i] + " " +
            earlier[static_cast<std::size_t>(planned.reads[i])].digest + "\n";
  }
  return text + canonical_text(stage.settings);
}

std::uint64_t leading_bits(const std::string& digest) { return std::stoull(digest.substr(0, 16), nullptr, 16); }

}  // namespace

TrialPlan plan_trial(const TrialOrder& order, const TrainingFacts& facts, const PackTrainingOptions& options) {
  TrialPlan plan;
  plan.order = order;
  const std::vector<Stage> stages = objective_named(method_name(order.settings), options).stages(order.settings, facts);
  check(!stages.empty(), "a method has at least one stage");
  for (const Stage& stage : stages)
    check(stage.members >= 1, "a stage trains at least one model");
  const std::string common = "fairsweep stage 2\ndata " + options.data_digest + "\nseed " +
                             std::to_string(options.seed) + "\nreplicate " + std::to_string(order.replicate) + "\n";
  for (std::size_t i = 0; i < stages.size(); ++i) {
    PlannedStage planned;
    planned.stage = stages[i];
    planned.objective = &objective_named(stages[i].objective, options);
    check(stages[i].members == 1 || !planned.objective->combines_gradients(),
          "a method that combines gradients trains one model");
    planned.model = model_settings(stages[i].settings);
    require_method_reads(*planned.objective, likelihood_of(planned.model.likelihood));
    planned.training = training_settings(stages[i].settings);
    if (!stages[i].warm_start.empty())
      planned.warm_start = place_of(stages[i].warm_start, plan.stages);
    check(!stages[i].trains_nothing || (planned.warm_start >= 0 && stages[i].low_rank == 0),
          "a stage that trains nothing takes over another's models");
    if (stages[i].trains_nothing)
      planned.training.epochs = 0;
    check(stages[i].low_rank == 0 || planned.warm_start >= 0, "a low-rank stage starts from another");
    for (const std::string& name : stages[i].reads)
      planned.reads.push_back(place_of(name, plan.stages));
    const std::string text = common + description(planned, plan.stages);
    if (i + 1 < stages.size()) {
      planned.digest = sha256(text);
      planned.key = {options.seed ^ leading_bits(planned.digest), 0, order.replicate};
    } else {
      planned.digest = sha256(text + "configuration " + std::to_string(order.configuration.value) + "\n");
      planned.key = {options.seed, order.configuration.value, order.replicate};
    }
    plan.stack_key += "stage " + planned.stage.name + " " + planned.stage.objective + " " +
                      (planned.stage.only_group ? std::to_string(*planned.stage.only_group) : "all") + " " +
                      planned.stage.warm_start + "\n" + std::to_string(planned.stage.members) + " members\n" +
                      shape_text(planned.stage);
    for (const std::string& name : planned.stage.reads)
      plan.stack_key += (planned.stage.reads_contexts ? "reads contexts " : "reads ") + name + "\n";
    plan.stack_key += stack_key(planned.stage.settings);
    plan.stages.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace fairsweep
