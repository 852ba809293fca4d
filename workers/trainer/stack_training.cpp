#include "workers/trainer/stack_training.hpp"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "workers/trainer/learning_rate.hpp"
#include "workers/trainer/split_scoring.hpp"
#include "workers/trainer/stack_state.hpp"

namespace fairsweep {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// [K, 1] numbers of an epoch's steps.
struct EpochRates {
  at::Tensor learning_rate;  ///< [steps, K, 1]
  at::Tensor keep;           ///< [steps, K, 1]
  at::Tensor clip_norm;      ///< [K, 1]; undefined where no run clips
};

class StackTrainer {
 public:
  StackTrainer(const StageContext& context, const std::vector<StageRun>& runs, const StageScores& earlier,
               const StackHooks& hooks)
      : context_(context),
        runs_(runs),
        hooks_(hooks),
        stack_(make_stack(context, runs, earlier)),
        shape_(epoch_shape(static_cast<std::int64_t>(context.rows.size()), runs.front().training.batch)),
        last_checkpoint_(Clock::now()) {}

  bool train() {
    while (stack_.trials() > 0) {
      const auto start = Clock::now();
      train_epoch();
      const std::vector<double> watched = watch();
      const double share = seconds_since(start) / static_cast<double>(stack_.trials());
      for (double& seconds : stack_.seconds)
        seconds += share;
      end_epoch(watched);
      if (stack_.trials() == 0)
        break;
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

  [[nodiscard]] EpochRates rates() const {
    const std::int64_t trials = stack_.trials();
    const std::int64_t all_steps = shape_.steps * runs_.front().training.epochs;
    at::Tensor rate = at::empty({shape_.steps, trials, 1}, at::kDouble);
    at::Tensor keep = at::empty({shape_.steps, trials, 1}, at::kDouble);
    at::Tensor clip = at::empty({trials, 1}, at::kDouble);
    bool clips = false;
    for (std::int64_t k = 0; k < trials; ++k) {
      const TrainingSettings& training = run_at(k).training;
      clips = clips || training.clip_norm > 0;
      clip.data_ptr<double>()[k] =
          training.clip_norm > 0 ? training.clip_norm : std::numeric_limits<double>::infinity();
      for (std::int64_t s = 0; s < shape_.steps; ++s) {
        const std::int64_t step = stack_.epochs * shape_.steps + s;
        const double now =
            training.learning_rate * schedule_factor(training.schedule, training.warmup, step, all_steps);
        rate.data_ptr<double>()[s * trials + k] = now;
        keep.data_ptr<double>()[s * trials + k] = 1 - now * training.weight_decay;
      }
    }
    const at::TensorOptions options = stack_.parameters.options();
    return {rate.to(options), keep.to(options), clips ? clip.to(options) : at::Tensor()};
  }

  void train_epoch() {
    std::vector<RandomKey> keys;
    for (std::int64_t k = 0; k < stack_.trials(); ++k)
      keys.push_back(run_at(k).key);
    const at::Tensor order = epoch_order(shape_, context_.rows, keys, static_cast<std::uint32_t>(stack_.epochs))
                                 .to(stack_.parameters.device());
    const EpochRates rate = rates();
    loss_sum_ = at::zeros({stack_.trials()}, stack_.parameters.options());
    ones_ = at::ones_like(loss_sum_);
    const std::int64_t at_once = context_.batches.steps_at_once(shape_, stack_.trials());
    for (std::int64_t first = 0; first < shape_.steps; first += at_once) {
      const StepRun steps = context_.batches.gather(shape_, order, first, std::min(at_once, shape_.steps - first));
      for (std::int64_t i = 0; i < steps.index.size(0); ++i) {
        backward(steps, i);
        adamw_step(stack_.parameters, stack_.gradient, stack_.optimizer,
                   {rate.learning_rate.select(0, first + i), rate.keep.select(0, first + i), rate.clip_norm});
      }
    }
    stack_.epochs += 1;
  }

  /// Loss and gradients of step i of the run. Nothing here copies to the host.
  void backward(const StepRun& steps, std::int64_t i) {
    const std::int64_t trials = stack_.trials();
    const std::int64_t n = context_.batches.candidates();
    const at::Tensor& features = context_.data.features;
    const at::Tensor user = steps.user.select(0, i);
    const at::Tensor x =
        features.index_select(0, steps.candidates.select(0, i)).view({trials, n * shape_.stored, features.size(1)});
    ScoreTrace trace;
    const at::Tensor scores =
        context_.model.scores(stack_.blocks, x, user, n, context_.batches.left_out(steps, i), &trace);
    context_.model.back(stack_.blocks, x, user, scores_gradient(scores, steps, i), trace, stack_.gradient_blocks);
  }

  /// What the step's losses, summed, say about the scores [K, n, B]. A method has automatic gradients up to here.
  [[nodiscard]] at::Tensor scores_gradient(const at::Tensor& scores, const StepRun& steps, std::int64_t i) {
    const at::Tensor leaf = scores.detach().requires_grad_(true);
    const ChoiceOutcome outcome = choice_likelihood(leaf, context_.batches.choice_shape(steps, i));
    PackBatch batch;
    batch.index = steps.index.select(0, i);
    batch.group = steps.group.select(0, i);
    batch.weight = steps.weight.select(0, i);
    batch.margin = outcome.margin;
    batch.loss = outcome.loss;
    batch.scores = leaf.transpose(1, 2);
    batch.present = steps.present.select(0, i);
    const at::Tensor loss = context_.objective.loss(batch, stack_.constants, stack_.objective);
    loss.backward(ones_);
    loss_sum_.add_(loss.detach());
    const at::Tensor gradient = leaf.grad();
    return gradient.defined() ? gradient.contiguous() : at::zeros_like(scores);
  }

  /// What each run's watch says after the epoch; NaN for a run that is no longer finite.
  [[nodiscard]] std::vector<double> watch() const {
    const at::NoGradGuard no_gradients;
    const at::Tensor training = loss_sum_.to(at::kDouble).cpu();
    std::vector<double> values(static_cast<std::size_t>(stack_.trials()), 0.0);
    at::Tensor loss;
    if (!context_.watch.empty()) {
      const std::vector<at::Tensor> blocks = context_.model.for_scoring(stack_.blocks, context_.known);
      loss = evaluate_split(context_.model, blocks, context_.data.features, context_.data.validation).loss.cpu();
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
      if (value < stack_.best_value[place] || context_.watch.empty()) {
        stack_.best_value[place] = value;
        stack_.best_epoch[place] = stack_.epochs;
        stack_.best.select(0, k).copy_(stack_.parameters.select(0, k));
      }
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

  [[nodiscard]] StageResult result(std::int64_t k) const {
    const auto place = static_cast<std::size_t>(k);
    StageResult result;
    result.epochs = stack_.epochs;
    result.best_epoch = stack_.best_epoch[place];
    result.best_value = stack_.best_value[place];
    result.seconds = stack_.seconds[place];
    result.parameters = stack_.best.select(0, k).cpu().clone();
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
  at::Tensor loss_sum_, ones_;  ///< [K]
  Clock::time_point last_checkpoint_;
};

}  // namespace

bool train_stack(const StageContext& context, const std::vector<StageRun>& runs, const StageScores& earlier,
                 const StackHooks& hooks) {
  return runs.empty() || StackTrainer(context, runs, earlier, hooks).train();
}

}  // namespace fairsweep
