// What a step of a trial costs, alone and in stacks: choices among 3 with 16 features and batches of 256, as in the
// swissmetro survey, on the CPU with one thread. `time_per_trial_step` is the number to compare.
// Before timing, the outcome of a trial in the largest stack is compared with the trial alone, bit for bit.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/pack_training.hpp"

namespace fairsweep::testing {
namespace {

constexpr std::int64_t k_epochs = 2;
constexpr std::int64_t k_batch = 256;
constexpr std::int64_t k_training = 40 * k_batch;

const TrainingSet& survey() {
  static const Synthetic made =
      make_synthetic({.users = 1000, .training = k_training, .validation = 32, .test = 32, .features = 16});
  return made.set;
}

std::vector<TrialOrder> trials_of(const Settings& changes, std::uint32_t count) {
  return varied_trials(
      with(with(plain_settings(), {{"training.epochs", k_epochs}, {"training.batch", k_batch}}), changes), count);
}

std::vector<float> margins_of_first(const std::vector<TrialOrder>& trials) {
  std::vector<float> margins;
  PackTrainingOptions options;
  options.trials_per_stack = static_cast<std::int64_t>(trials.size());
  options.on_outcome = [&margins](TrialOutcome&& outcome) {
    if (outcome.trial.value == 0)
      margins = outcome.test.margin;
  };
  train_pack(trials, survey(), options);
  return margins;
}

void pack(benchmark::State& state, const Settings& changes) {
  at::set_num_threads(1);
  const auto count = static_cast<std::uint32_t>(state.range(0));
  const std::vector<TrialOrder> trials = trials_of(changes, count);
  check(margins_of_first(trials) == margins_of_first({trials.front()}), "a trial has other bits in a stack than alone");
  for ([[maybe_unused]] auto iteration : state) {
    PackTrainingOptions options;
    options.trials_per_stack = static_cast<std::int64_t>(count);
    options.on_outcome = [](TrialOutcome&& outcome) { benchmark::DoNotOptimize(outcome.test.margin.data()); };
    train_pack(trials, survey(), options);
  }
  const double steps = static_cast<double>(k_epochs * (k_training / k_batch)) * static_cast<double>(count);
  state.counters["time_per_trial_step"] =
      benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

Settings mlp(std::int64_t width, const std::string& user) {
  return {{"model.head", std::string("mlp")}, {"model.width", width}, {"model.user", user}};
}

void stack_sizes(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t size : {1, 2, 4, 8, 16, 32})
    bench->Arg(size);
  bench->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(pack, linear, Settings{{"model.user", std::string("none")}})->Apply(stack_sizes);
BENCHMARK_CAPTURE(pack, linear_history, Settings{{"model.user", std::string("history")}})->Apply(stack_sizes);
BENCHMARK_CAPTURE(pack, mlp_64, mlp(64, "none"))->Apply(stack_sizes);
BENCHMARK_CAPTURE(pack, mlp_64_embedding, mlp(64, "embedding"))->Apply(stack_sizes);
BENCHMARK_CAPTURE(pack, mlp_256, mlp(256, "none"))->Apply(stack_sizes);
BENCHMARK_CAPTURE(pack, linear_group_dro,
                  Settings{{"method.name", std::string("group_dro")}, {"method.group_dro.step_size", 0.01}})
    ->Apply(stack_sizes);

}  // namespace
}  // namespace fairsweep::testing

BENCHMARK_MAIN();
