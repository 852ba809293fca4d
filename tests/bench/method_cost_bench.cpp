#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <unistd.h>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"

// What a training step of each method costs beside a pooled one, in the same run: packs of 8 trials, two groups or
// five, pairs, an MLP of 64 units on 64 features with the users' features, batches of 256, one core. Stages before the
// trial's own (teachers) are left out; methods that weigh candidates of a context have pairs out of larger contexts.
// Floors: a method with one loss pays for its loss; one that combines the gradients of G groups, for G - 1 more
// backward passes (a pooled step is about one part forward, two parts backward); FAMO for one more forward pass.

namespace fairsweep::testing {
namespace {

constexpr std::uint32_t k_trials = 8;
constexpr std::int64_t k_epochs = 4;

/// Pairs; for methods that weigh the candidates of a context, pairs out of contexts of more than two.
const Synthetic& data_for(const ObjectiveCase& one, std::int64_t groups) {
  const bool contexts = one.method == "dvao_listwise" || one.variant == "_contexts";
  const std::int64_t asked = one.asked > 1 ? 3 * groups : 1;  // so that people of every group are asked the same
  static std::map<std::tuple<std::int64_t, std::int64_t, bool>, Synthetic> made;
  const auto key = std::tuple(groups, asked, contexts);
  const auto found = made.find(key);
  if (found != made.end())
    return found->second;
  return made
      .emplace(key, make_synthetic({.users = 200,
                                    .training = 256 * 16,
                                    .validation = 64,
                                    .test = 64,
                                    .features = 64,
                                    .candidates = 2,
                                    .groups = groups,
                                    .unasked = contexts,
                                    .asked = asked}))
      .first->second;
}

/// Seconds of the trials' own stage for one step of the pack.
double seconds_of(const ObjectiveCase& one, const TrainingSet& data) {
  static const std::filesystem::path stages = [] {
    auto folder = std::filesystem::temp_directory_path() / ("fairsweep_method_cost_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    return folder;
  }();
  const Settings settings = with(with(plain_settings(), one.settings), {{"method.name", one.method},
                                                                        {"model.head", std::string("mlp")},
                                                                        {"model.width", std::int64_t{64}},
                                                                        {"model.depth", std::int64_t{1}},
                                                                        {"model.user", std::string("features")},
                                                                        {"training.batch", std::int64_t{256}},
                                                                        {"training.epochs", k_epochs}});
  PackTrainingOptions options = seeded(3);
  options.trials_per_stack = k_trials;
  options.artefact_directory = stages;  // teachers are trained once
  double seconds = 0;
  options.on_stage = [&seconds](const StageNews& news) { seconds -= news.seconds; };
  options.on_outcome = [&seconds](TrialOutcome&& outcome) {
    check(!outcome.failed, outcome.failure.message);
    seconds += outcome.seconds;
  };
  std::vector<TrialOrder> trials = varied_trials(settings, k_trials);
  for (TrialOrder& trial : trials)  // teachers of one kind, for all
    for (auto& [path, value] : trial.settings)
      if (path.starts_with("method.pafo.teacher."))
        value = settings.at(path);
  train_pack(trials, data, options);
  return seconds / (k_epochs * 16);
}

void method_cost(benchmark::State& state, const ObjectiveCase& one) {
  const TrainingSet& data = data_for(one, state.range(0)).set;
  const ObjectiveCase pooled{"pooled", {}};
  static_cast<void>(seconds_of(one, data));
  std::vector<double> own, beside;
  for (auto _ : state) {
    beside.push_back(seconds_of(pooled, data));
    own.push_back(seconds_of(one, data));
    state.SetIterationTime(own.back());
  }
  // The least of each: what disturbs a measurement only adds.
  const double least = *std::ranges::min_element(own), least_beside = *std::ranges::min_element(beside);
  state.counters["steps/s"] = k_trials / least;
  state.counters["pooled/s"] = k_trials / least_beside;
  state.counters["cost"] = least / least_beside;
}

}  // namespace
}  // namespace fairsweep::testing

int main(int argc, char** argv) {
  for (const auto& one : fairsweep::testing::all_methods()) {
    benchmark::RegisterBenchmark((one.method + one.variant).c_str(),
                                 [one](benchmark::State& state) { fairsweep::testing::method_cost(state, one); })
        ->ArgName("groups")
        ->Arg(2)
        ->Arg(5)
        ->Iterations(7)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
