#include "workers/trainer/stack_training.hpp"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "workers/trainer/split_scoring.hpp"
#include "workers/trainer/stack_state.hpp"
#include "workers/trainer/stack_steps.hpp"

namespace fairsweep {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class StackTrainer {
 public:
  StackTrainer(const StageContext& context, const std::vector<StageRun>& runs, const StageScores& earlier,
               const StackHooks& hooks)
      : context_(context),
        runs_(runs),
        hooks_(hooks),
        stack_(make_stack(context, runs, earlier)),
        shape_(epoch_shape(static_cast<std::int64_t>(context.rows.size()), runs.front().training.batch)),
        steps_(context, shape_, stack_),
        last_checkpoint_(Clock::now()) {}

  bool train() {
    while (stack_.trials() > 0) {
      const auto start = Clock::now();
      train_epoch();
      const bool starts_anew = look_after_epoch();
      const std::vector<double> watched = watch();
      const double share = seconds_since(start) / static_cast<double>(stack_.trials());
      for (double& seconds : stack_.seconds)
        seconds += share;
      end_epoch(watched);
      if (stack_.trials() == 0)
        break;
      if (starts_anew)
        start_anew(stack_, context_, runs_);
      const bool stop = hooks_.should_stop && hooks_.should_stop();
      if (stop || seconds_since(last_checkpoint_) >= hooks_.checkpoint_seconds)
        write_checkpoints();
      if (stop)
        return false;
    }
    return true;
  }

 private:
  [[nodiscard]] const StageRun& run_at(std::int64_t k) const { return runs_[stack_.run[static_cast<std::size_t>(k)]]; }

  void train_epoch() {
    std::vector<RandomKey> keys;
    std::vector<const TrainingSettings*> training;
    for (std::int64_t k = 0; k < stack_.trials(); ++k) {
      keys.push_back(run_at(k).key);
      training.push_back(&run_at(k).training);
    }
    const DrawShares shares = [this](std::size_t k) {
      return context_.objective.draw_shares(run_at(static_cast<std::int64_t>(k)).settings, context_.facts);
    };
    const at::Tensor order =
        epoch_order(shape_, context_.rows, keys, static_cast<std::uint32_t>(stack_.epochs), shares);
    steps_.begin_epoch(moved_to(draws(order, keys, training.front()->epochs), stack_.parameters.device()));
    steps_.take(order.to(stack_.parameters.device()),
                epoch_rates(training, stack_.epochs, shape_, stack_.parameters.options()), 0, shape_.steps);
    stack_.epochs += 1;
  }

  /// Tells the method what comparisons cost now, where it wants to know. True: the models start anew.
  [[nodiscard]] bool look_after_epoch() {
    const EpochLook look = context_.objective.look_after(run_at(0).settings, context_.facts, stack_.epochs);
    if (!look.training && !look.history)
      return false;
    const at::NoGradGuard no_gradients;
    const std::vector<at::Tensor> blocks = context_.model.for_scoring(stack_.blocks, context_.known);
    const auto losses_of = [&](const ComparisonTensors& split) {
      return evaluate_split(context_.model, blocks, context_.data.features, split)
          .loss.view({stack_.trials(), context_.members, -1});
    };
    return context_.objective.after_epoch({look.training ? losses_of(context_.data.train) : at::Tensor(),
                                           look.history ? losses_of(context_.data.history) : at::Tensor()},
                                          context_.facts, stack_.constants, stack_.objective);
  }

  /// What the epoch draws for models with latent numbers; nothing for the others.
  [[nodiscard]] EpochDraws draws(const at::Tensor& order, const std::vector<RandomKey>& keys,
                                 std::int64_t all_epochs) const {
    const ModelSettings& model = context_.model.settings();
    if (model.user != UserInput::variational)
      return {};
    EpochDraws drawn =
        epoch_draws(context_.model.told(), shape_, order, keys, static_cast<std::uint32_t>(stack_.epochs), model.parts,
                    model.embedding_size, c10::typeMetaToScalarType(stack_.parameters.dtype()));
    if (model.anneals) {
      std::vector<double> factors;
      factors.reserve(static_cast<std::size_t>(shape_.steps));
      for (std::int64_t step = 0; step < shape_.steps; ++step)
        factors.push_back(annealing_factor(stack_.epochs * shape_.steps + step, all_epochs * shape_.steps));
      drawn.annealing = at::tensor(factors, at::kDouble).to(drawn.noise.scalar_type());
    }
    return drawn;
  }

  /// What each run's watch says after the epoch; NaN for a run that is no longer finite.
  [[nodiscard]] std::vector<double> watch() const {
    const at::NoGradGuard no_gradients;
    const at::Tensor training = steps_.loss_sum().to(at::kDouble).cpu();
    std::vector<double> values(static_cast<std::size_t>(stack_.trials()), 0.0);
    at::Tensor loss;
    if (!context_.watch.empty()) {
      const std::vector<at::Tensor> blocks = context_.watching(stack_.blocks);
      loss = evaluate_split(context_.model, blocks, context_.data.features, context_.data.validation).loss;
      if (context_.members > 1) {
        loss = context_.objective.watched_loss(loss.view({stack_.trials(), context_.members, -1}),
                                               context_.facts.validation, stack_.objective);
      }
      loss = loss.cpu();
    }
    for (std::int64_t k = 0; k < stack_.trials(); ++k) {
      double& value = values[static_cast<std::size_t>(k)];
      if (loss.defined())
        value = context_.watch.value(loss.select(0, k), run_at(k).training.watch);
      if (!std::isfinite(training.data_ptr<double>()[k]) || !std::isfinite(value)) {
        value = std::numeric_limits<double>::quiet_NaN();
      }
    }
    return values;
  }

  void end_epoch(const std::vector<double>& watched) {
    const at::NoGradGuard no_gradients;
    std::vector<std::int64_t> kept;
    std::vector<std::pair<std::size_t, StageResult>> finished;
    for (std::int64_t k = 0; k < stack_.trials(); ++k) {
      const auto place = static_cast<std::size_t>(k);
      const double value = watched[place];
      const TrainingSettings& training = run_at(k).training;
      if (std::isnan(value)) {
        finished.emplace_back(stack_.run[place], failure(k));
        continue;
      }
      if (value < stack_.best_value[place] || context_.watch.empty() || context_.keeps_last)
        keep_as_best(k, value);
      if (hooks_.on_epoch)
        hooks_.on_epoch(stack_.run[place], stack_.epochs, value);
      const bool patience_over = training.patience > 0 && stack_.epochs - stack_.best_epoch[place] >= training.patience;
      if (stack_.epochs >= training.epochs || patience_over) {
        finished.emplace_back(stack_.run[place], result(k));
      } else {
        kept.push_back(k);
      }
    }
    if (finished.empty())
      return;
    keep_rows(stack_, context_.model.layout(), kept);
    std::vector<std::string> digests;
    for (const auto& [run, ended] : finished)
      digests.push_back(runs_[run].digest);
    hooks_.on_finished(std::move(finished));
    // Only now: until the result is handed over, the checkpoint is all there is of it.
    if (hooks_.checkpoint_directory.empty())
      return;
    for (const std::string& digest : digests)
      remove_checkpoint(hooks_.checkpoint_directory, digest);
  }

  void keep_as_best(std::int64_t k, double value) {
    stack_.best_value[static_cast<std::size_t>(k)] = value;
    stack_.best_epoch[static_cast<std::size_t>(k)] = stack_.epochs;
    stack_.best.select(0, k).copy_(stack_.parameters.select(0, k));
    for (auto& [name, tensor] : stack_.learned)
      tensor.select(0, k).copy_(stack_.objective.at(name).select(0, k));
  }

  [[nodiscard]] StageResult result(std::int64_t k) const {
    const auto place = static_cast<std::size_t>(k);
    StageResult result;
    result.epochs = stack_.epochs;
    result.best_epoch = stack_.best_epoch[place];
    result.best_value = stack_.best_value[place];
    result.seconds = stack_.seconds[place];
    result.parameters = best_model(context_, stack_, k);
    result.learned = learned_by(stack_, k);
    return result;
  }

  [[nodiscard]] StageResult failure(std::int64_t k) const {
    StageResult result;
    result.failed = true;
    result.epochs = stack_.epochs;
    result.seconds = stack_.seconds[static_cast<std::size_t>(k)];
    result.message = "the loss was not finite in epoch " + std::to_string(stack_.epochs) +
                     "; a smaller learning rate or a clipped gradient may help";
    return result;
  }

  void write_checkpoints() {
    last_checkpoint_ = Clock::now();
    if (hooks_.checkpoint_directory.empty())
      return;
    for (std::int64_t k = 0; k < stack_.trials(); ++k) {
      write_checkpoint(hooks_.checkpoint_directory, run_at(k).digest, snapshot_of(stack_, k));
    }
  }

  const StageContext& context_;
  const std::vector<StageRun>& runs_;
  const StackHooks& hooks_;
  StackState stack_;
  EpochShape shape_;
  StackSteps steps_;
  Clock::time_point last_checkpoint_;
};

}  // namespace

bool train_stack(const StageContext& context, const std::vector<StageRun>& runs, const StageScores& earlier,
                 const StackHooks& hooks) {
  return runs.empty() || StackTrainer(context, runs, earlier, hooks).train();
}

}  // namespace fairsweep
