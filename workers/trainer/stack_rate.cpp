#include "workers/trainer/stack_rate.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "workers/trainer/stack_state.hpp"
#include "workers/trainer/stack_steps.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_tries = 2;
constexpr std::int64_t k_steps = 3;  // of a try
constexpr std::int64_t k_warm = 1;   // before the first
constexpr std::int64_t k_all = k_warm + k_tries * k_steps;
constexpr std::int64_t k_stride = 7919;  // of the comparisons taken: a prime, far apart as in a shuffled order

/// Comparisons for every step of a stack, [k_all, size, stored].
at::Tensor scattered_order(const std::vector<std::int64_t>& rows, std::int64_t size, std::int64_t stored) {
  at::Tensor order = at::empty({k_all, size, stored}, at::kLong);
  const auto count = static_cast<std::int64_t>(rows.size());
  for (std::int64_t i = 0; i < order.numel(); ++i)
    order.data_ptr<std::int64_t>()[i] = rows[static_cast<std::size_t>(i * k_stride % count)];
  return order;
}

}  // namespace

struct StackRate::Prepared {
  TrainingSettings training;
  EpochShape shape;
  StackState one;
};

StackRate::StackRate(const StageContext& context, const StageRun& run, const StageScores& earlier) : context_(context) {
  StageRun fresh = run;
  fresh.resume.reset();
  EpochShape shape = epoch_shape(static_cast<std::int64_t>(context.rows.size()), run.training.batch);
  shape.steps = k_all + 1;  // none of the steps taken is a last, short one
  shape.last = shape.batch;
  prepared_ = std::make_unique<Prepared>(Prepared{run.training, shape, make_stack(context, {fresh}, earlier)});
}

StackRate::~StackRate() = default;

double StackRate::of(std::int64_t size) const {
  using Clock = std::chrono::steady_clock;
  const EpochShape& shape = prepared_->shape;
  StackState stack = repeated(prepared_->one, context_.model.layout(), size);
  const std::vector<const TrainingSettings*> training(static_cast<std::size_t>(size), &prepared_->training);
  const EpochRates rates = epoch_rates(training, 0, shape, stack.parameters.options());
  const at::Tensor order = scattered_order(context_.rows, size, shape.stored).to(stack.parameters.device());
  StackSteps steps(context_, shape, stack);
  steps.begin_epoch();
  steps.take(order, rates, 0, k_warm);
  // A read of the losses: a device has then done what it was told to.
  const auto finish = [&steps] { return steps.loss_sum().sum().item<double>(); };
  finish();
  double best = 0;
  for (std::int64_t first = k_warm; first < k_all; first += k_steps) {
    const auto start = Clock::now();
    steps.take(order, rates, first, k_steps);
    finish();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, static_cast<double>(k_steps * size) / std::max(seconds, 1e-9));
  }
  return best;
}

}  // namespace fairsweep
