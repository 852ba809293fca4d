#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "results/log/event_log.hpp"

// What the coordinator pays for an event, and how many become durable in a second.

namespace {

using namespace fairsweep;  // NOLINT(google-build-using-namespace)

Event reported() {
  TrialReport report{{4711}, 30, 1.2345678, "cpu", {}, {}};
  for (int i = 0; i < 12; ++i) {
    report.metrics.push_back({"accuracy", Split::validation, "pass", 0.5 + 0.012345678901 * i, 0.013, 1192, 10719});
  }
  return events::Reported{1.7e9, {17}, report};
}

std::filesystem::path fresh_file() {
  const auto file = std::filesystem::temp_directory_path() / ("fairsweep_log_bench_" + std::to_string(getpid()));
  std::filesystem::remove(file);
  return file;
}

/// Rounds of `range` events; the time includes bringing them to the disk.
void append_until_durable(benchmark::State& state) {
  const std::filesystem::path file = fresh_file();
  const Event event = reported();
  {
    EventLog::Recovery recovery;
    EventLog log(file, recovery);
    for (auto _ : state) {
      for (std::int64_t i = 0; i < state.range(0); ++i) {
        log.append(event);
      }
      log.sync();
    }
  }
  if (read_event_log(file).events.size() != static_cast<std::size_t>(state.iterations() * state.range(0))) {
    throw std::runtime_error("the log lost events");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  std::filesystem::remove(file);
}

void replay(benchmark::State& state) {
  const std::filesystem::path file = fresh_file();
  {
    EventLog::Recovery recovery;
    EventLog log(file, recovery);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      log.append(reported());
    }
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(read_event_log(file));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  std::filesystem::remove(file);
}

BENCHMARK(append_until_durable)->Arg(1)->Arg(100)->Arg(10000)->UseRealTime();
BENCHMARK(replay)->Arg(10000);

}  // namespace

BENCHMARK_MAIN();
