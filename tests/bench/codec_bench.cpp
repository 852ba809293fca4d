#include <benchmark/benchmark.h>

#include <stdexcept>

#include "core/protocol/codec.hpp"

// Cost of each message on the hot path, written and read back; the result is checked while it is timed. A report of a
// plain trial: two metrics, two groups and everybody, validation and test.

namespace {

using namespace fairsweep;  // NOLINT(google-build-using-namespace)

TrialReport report() {
  TrialReport report{{4711}, 30, 1.2345678, "cpu", {}, {{"users", std::string(64, 'a')}}};
  for (const char* metric : {"accuracy", "log_loss"}) {
    for (const Split split : {Split::validation, Split::test}) {
      for (const char* group : {"", "pass", "no_pass"}) {
        const double value = 0.5 + 0.012345678901 * static_cast<double>(report.metrics.size());
        report.metrics.push_back({metric, split, group, value, value / 37, 1192, 10719});
      }
    }
  }
  return report;
}

Assignment assignment() {
  const Settings settings = {{"method.name", std::string("group_dro")},    {"method.group_dro.step_size", 0.01},
                             {"model.head", std::string("mlp")},           {"model.width", std::int64_t{64}},
                             {"model.user", std::string("features")},      {"training.batch", std::int64_t{256}},
                             {"training.epochs", std::int64_t{30}},        {"training.learning_rate", 0.0012345678},
                             {"training.optimiser", std::string("adamw")}, {"training.weight_decay", 1e-5}};
  return {{17}, {{{4711}, {1570}, 1, 0, settings}}};
}

template <typename Message, typename Write, typename Read>
void measure(benchmark::State& state, const Message& message, Write write, Read read) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto written = write(message);
    bytes = written.size();
    if (!(read(written) == message)) {
      throw std::runtime_error("a message did not read back equal");
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes);
}

void request_between_ranks(benchmark::State& state) {
  const WorkerRequest request{99, "node-12", 4321, true, false, {}, {{17}}, {}, {{{17}, report()}}, {}, {}};
  measure(
      state, request, [](const auto& message) { return encode(message); },
      [](const Bytes& bytes) { return decode_request(bytes); });
}

void reply_between_ranks(benchmark::State& state) {
  const CoordinatorReply reply{99, 98, {assignment()}, {}, false, 0};
  measure(
      state, reply, [](const auto& message) { return encode(message); },
      [](const Bytes& bytes) { return decode_reply(bytes); });
}

void assignment_to_trainer(benchmark::State& state) {
  const ToTrainer message = TrainerAssignment{assignment()};
  measure(
      state, message, [](const ToTrainer& line) { return to_line(line); },
      [](const std::string& line) { return parse_to_trainer(line); });
}

void report_from_trainer(benchmark::State& state) {
  const FromTrainer message = report();
  measure(
      state, message, [](const FromTrainer& line) { return to_line(line); },
      [](const std::string& line) { return parse_from_trainer(line); });
}

void reported_event(benchmark::State& state) {
  const Event event = events::Reported{1.7e9, {17}, report()};
  measure(
      state, event, [](const Event& held) { return to_json(held); },
      [](const std::string& json) { return parse_event(json); });
}

void reported_event_written(benchmark::State& state) {
  const Event event = events::Reported{1.7e9, {17}, report()};
  for (auto _ : state) {
    benchmark::DoNotOptimize(to_json(event));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(request_between_ranks);
BENCHMARK(reply_between_ranks);
BENCHMARK(assignment_to_trainer);
BENCHMARK(report_from_trainer);
BENCHMARK(reported_event);
BENCHMARK(reported_event_written);

}  // namespace

BENCHMARK_MAIN();
