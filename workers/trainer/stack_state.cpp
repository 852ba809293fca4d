#include "workers/trainer/stack_state.hpp"

#include <ATen/core/grad_mode.h>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

at::Tensor row_on_host(const at::Tensor& rows, std::int64_t k) { return rows.select(0, k).detach().cpu().clone(); }

void make_views(StackState& stack, const ParameterLayout& layout) {
  if (!stack.base.defined())
    stack.model = stack.parameters;
  stack.gradient = at::zeros_like(stack.model);
  stack.trained_gradient = stack.base.defined() ? at::zeros_like(stack.parameters) : stack.gradient;
  stack.gradient_blocks = block_views(layout, stack.gradient.view({-1, layout.size}));
  stack.blocks = block_views(layout, stack.model.view({-1, layout.size}));
}

/// Replaces every tensor of the stack by its rows `kept`, copied.
void pick_rows(StackState& stack, const ParameterLayout& layout, const std::vector<std::int64_t>& kept) {
  const at::Tensor rows = at::tensor(at::ArrayRef<std::int64_t>(kept), at::kLong).to(stack.parameters.device());
  const auto keep_tensor = [&rows](at::Tensor& tensor) { tensor = tensor.index_select(0, rows); };
  keep_tensor(stack.parameters);
  keep_tensor(stack.best);
  if (stack.base.defined()) {
    keep_tensor(stack.base);
    keep_tensor(stack.model);
  }
  keep_tensor(stack.optimizer.first);
  keep_tensor(stack.optimizer.second);
  for (auto& [name, tensor] : stack.objective)
    keep_tensor(tensor);
  for (auto& [name, tensor] : stack.learned)
    keep_tensor(tensor);
  for (auto& [name, tensor] : stack.constants)
    keep_tensor(tensor);
  if (stack.divergence.defined())
    keep_tensor(stack.divergence);
  if (stack.personal_share.defined())
    keep_tensor(stack.personal_share);
  make_views(stack, layout);
}

/// A part of the objective's state of resumed runs; every run of a stack is at the same epoch, so all are resumed or
/// none.
ObjectiveState resumed_state(const std::vector<StageRun>& runs, ObjectiveState RunSnapshot::* part,
                             const at::TensorOptions& options) {
  ObjectiveState state;
  for (const auto& [name, one] : (*runs.front().resume).*part) {
    std::vector<at::Tensor> rows;
    for (const StageRun& run : runs)
      rows.push_back(((*run.resume).*part).at(name));
    state[name] = at::stack(rows).to(options.device());
  }
  return state;
}

/// Where a fresh run starts, [L * P]: every member from numbers of its own, or all from the model it is to start from.
at::Tensor fresh_row(const StageContext& context, const StageRun& run, at::ScalarType type) {
  const ParameterLayout& layout = context.model.layout();
  if (run.start.defined())
    return run.start.numel() == layout.size ? run.start.repeat({context.members}) : run.start;
  const double factor =
      context.starts_apart ? apart_factor(context.model.settings(), context.data.features.size(1)) : 1;
  std::vector<at::Tensor> rows;
  rows.reserve(static_cast<std::size_t>(context.members));
  for (std::int64_t member = 0; member < context.members; ++member)
    rows.push_back(start_values(layout, run.key, type, static_cast<std::uint32_t>(member), factor));
  return at::cat(rows);
}

}  // namespace

StackState make_stack(const StageContext& context, const std::vector<StageRun>& runs, const StageScores& earlier) {
  const at::TensorOptions options = context.data.features.options();
  const ParameterLayout& layout = context.model.layout();
  StackState stack;
  std::vector<at::Tensor> parameters, base, best, first, second;
  std::vector<Settings> settings;
  std::vector<RandomKey> keys;
  const bool resumed = runs.front().resume.has_value();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const StageRun& run = runs[i];
    check(run.resume.has_value() == resumed, "runs of a stack are all resumed or all fresh");
    stack.run.push_back(i);
    settings.push_back(run.settings);
    keys.push_back(run.key);
    stack.best_epoch.push_back(resumed ? run.resume->best_epoch : 0);
    stack.best_value.push_back(resumed ? run.resume->best_value : std::numeric_limits<double>::infinity());
    stack.seconds.push_back(resumed ? run.resume->seconds : 0);
    if (resumed) {
      check(run.resume->epochs == runs.front().resume->epochs, "runs of a stack are at the same epoch");
      parameters.push_back(run.resume->parameters);
      best.push_back(run.resume->best);
      first.push_back(run.resume->first);
      second.push_back(run.resume->second);
    } else if (context.low_rank) {
      check(run.start.defined(), "a low-rank stage starts from another");
      parameters.push_back(context.low_rank->start(run.start, run.key));
    } else {
      parameters.push_back(fresh_row(context, run, c10::typeMetaToScalarType(options.dtype())));
    }
    check(parameters.back().numel() == context.trained_numbers(), "start values fit the model");
    base.push_back(run.start);
  }
  stack.parameters = at::stack(parameters).to(options.device());
  if (context.low_rank) {
    stack.base = at::stack(base).to(options.device());
    stack.model = at::zeros_like(stack.base);
    context.low_rank->build(stack.base, stack.parameters, stack.model);
  }
  stack.constants = context.objective.constants(settings, context.facts, earlier, options);
  if (context.model.settings().user == UserInput::variational)
    stack.divergence = numbers_of(settings, "model.variational.divergence", options).unsqueeze(1);
  if (context.model.settings().user == UserInput::offset)
    stack.personal_share = numbers_of(settings, "model.offset.personal_share", options).unsqueeze(1);
  if (resumed) {
    stack.epochs = runs.front().resume->epochs;
    stack.best = at::stack(best).to(options.device());
    stack.optimizer = {at::stack(first).to(options.device()), at::stack(second).to(options.device()),
                       runs.front().resume->steps};
    stack.objective = resumed_state(runs, &RunSnapshot::objective, options);
    stack.learned = resumed_state(runs, &RunSnapshot::learned, options);
  } else {
    stack.best = stack.parameters.clone();
    stack.optimizer = {at::zeros_like(stack.parameters), at::zeros_like(stack.parameters), 0};
    stack.objective = context.objective.initial_state(settings, context.facts, stack.constants, options);
    stack.objective.merge(context.objective.drawn_state(settings, keys, context.facts, options));
    for (const std::string& name : context.objective.learned())
      stack.learned[name] = stack.objective.at(name).clone();
  }
  make_views(stack, layout);
  return stack;
}

void keep_rows(StackState& stack, const ParameterLayout& layout, const std::vector<std::int64_t>& kept) {
  const auto keep_host = [&kept](auto& values) {
    for (std::size_t i = 0; i < kept.size(); ++i)
      values[i] = values[static_cast<std::size_t>(kept[i])];
    values.resize(kept.size());
  };
  keep_host(stack.run);
  keep_host(stack.best_epoch);
  keep_host(stack.best_value);
  keep_host(stack.seconds);
  if (kept.empty())
    return;
  pick_rows(stack, layout, kept);
}

void start_anew(StackState& stack, const StageContext& context, const std::vector<StageRun>& runs) {
  check(!context.low_rank, "a low-rank stage keeps what it has learned");
  for (std::int64_t k = 0; k < stack.trials(); ++k) {
    const StageRun& run = runs[stack.run[static_cast<std::size_t>(k)]];
    stack.parameters.select(0, k).copy_(fresh_row(context, run, stack.parameters.scalar_type()));
  }
  stack.optimizer.first.zero_();
  stack.optimizer.second.zero_();
  stack.optimizer.steps = 0;
}

StackState repeated(const StackState& stack, const ParameterLayout& layout, std::int64_t count) {
  check(stack.trials() == 1, "one row is repeated");
  const auto times = static_cast<std::size_t>(count);
  StackState answer = stack;
  answer.run.assign(times, stack.run.front());
  answer.best_epoch.assign(times, stack.best_epoch.front());
  answer.best_value.assign(times, stack.best_value.front());
  answer.seconds.assign(times, stack.seconds.front());
  pick_rows(answer, layout, std::vector<std::int64_t>(times, 0));
  return answer;
}

at::Tensor best_model(const StageContext& context, const StackState& stack, std::int64_t k) {
  if (!context.low_rank)
    return row_on_host(stack.best, k);
  const at::Tensor base = stack.base.narrow(0, k, 1);
  const at::Tensor made = at::zeros_like(base);
  context.low_rank->build(base, stack.best.narrow(0, k, 1), made);
  return row_on_host(made, 0);
}

ObjectiveState learned_by(const StackState& stack, std::int64_t k) {
  ObjectiveState learned;
  for (const auto& [name, tensor] : stack.learned)
    learned[name] = row_on_host(tensor, k);
  return learned;
}

RunSnapshot snapshot_of(const StackState& stack, std::int64_t k) {
  const auto place = static_cast<std::size_t>(k);
  RunSnapshot snapshot;
  snapshot.epochs = stack.epochs;
  snapshot.steps = stack.optimizer.steps;
  snapshot.best_epoch = stack.best_epoch[place];
  snapshot.best_value = stack.best_value[place];
  snapshot.seconds = stack.seconds[place];
  snapshot.parameters = row_on_host(stack.parameters, k);
  snapshot.best = row_on_host(stack.best, k);
  snapshot.first = row_on_host(stack.optimizer.first, k);
  snapshot.second = row_on_host(stack.optimizer.second, k);
  for (const auto& [name, tensor] : stack.objective)
    snapshot.objective[name] = row_on_host(tensor, k);
  snapshot.learned = learned_by(stack, k);
  return snapshot;
}

}  // namespace fairsweep
