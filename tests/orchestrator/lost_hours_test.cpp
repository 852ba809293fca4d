// How much trainer time failing nodes cost: the coordinator, its leases and its queue as they are, and a cluster of
// which only the seconds are simulated.
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>

#include <cstdio>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "orchestrator/coordinator.hpp"
#include "orchestrator/resume.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "tests/orchestrator/simulated_cluster.hpp"

namespace fairsweep {
namespace {

using support::CoordinatorLost;
using support::SimulatedCluster;
using support::SimulatedWork;
using support::TrainerTime;

constexpr std::uint32_t k_configurations = 100;
constexpr std::uint32_t k_replicates = 2;
constexpr std::size_t k_trials = k_configurations * k_replicates;
constexpr std::size_t k_trials_a_failure = 20;
constexpr double k_lease_seconds = 60;
/// From the loss of the coordinator to the next one's beginning: supervise's patience (60 s), the wait until the one
/// before is known to be dead (20 s), and the start.
constexpr double k_next_session_seconds = 120;

/// A sweep from its beginning to its last report, over as many sessions as it takes.
class SimulatedSweep {
 public:
  explicit SimulatedSweep(const SimulatedWork& work) : cluster_(work) {
    while (!run_session()) {
      cluster_.begin_session(k_next_session_seconds);
      ++sessions_;
    }
  }

  [[nodiscard]] const TrainerTime& time() const { return cluster_.time(); }
  [[nodiscard]] int sessions() const { return sessions_; }
  [[nodiscard]] double useful() const {
    double seconds = 0;
    for (std::uint32_t trial = 0; trial < k_trials; ++trial) {
      seconds += cluster_.seconds_of({trial});
    }
    return seconds;
  }
  [[nodiscard]] double useful_share() const { return useful() / (time().spent + time().dead); }
  /// The seconds that the log says trials were somebody's: a twin of what the cluster counts where it happens.
  [[nodiscard]] double seconds_of_leases() const {
    std::map<LeaseId, double> began;
    double seconds = 0;
    for (const Event& event : log_) {
      if (const auto* assigned = std::get_if<events::Assigned>(&event)) {
        began[assigned->lease] = assigned->time;
      } else if (const auto* reported = std::get_if<events::Reported>(&event)) {
        seconds += reported->time - began.at(reported->lease);
      } else if (const auto* expired = std::get_if<events::LeaseExpired>(&event)) {
        seconds += expired->time - began.at(expired->lease);
      }
    }
    return seconds;
  }
  [[nodiscard]] std::vector<int> reports() const {
    std::vector<int> count(k_trials);
    for (const Event& event : log_) {
      if (const auto* reported = std::get_if<events::Reported>(&event)) {
        ++count.at(reported->report.trial.value);
      }
    }
    return count;
  }

 private:
  /// True: the sweep is complete.
  bool run_session() {
    const TrialRules rules{k_replicates, 2, 10};
    TrialTable table(rules);
    const auto strategy = make_strategy("random", {}, {});
    (void)replay(log_, "the simulated log", table, strategy.get());
    const EventSink sink{[this](const Event& event) { return append(event); },
                         [this] { return static_cast<std::uint64_t>(log_.size()); }};
    events::Started started;
    started.time = cluster_.now();
    started.configurations = k_configurations;
    started.replicates = k_replicates;
    begin_session(sink, table, started);
    Dispatch dispatch({1, static_cast<std::size_t>(cluster_.size() - 1),
                       [](const Settings& sampled) { return sampled; }, [](const Settings&) { return "one"; }});
    dispatch.add(table, {table.pending().begin(), table.pending().end()});
    Durations durations([](TrialId) { return std::size_t{0}; });
    CoordinatorOptions options;
    options.configurations = k_configurations;
    options.lease_seconds = k_lease_seconds;
    options.assembly_seconds = -1;
    options.monotonic = options.time = [this] { return cluster_.now(); };
    options.logger = std::make_shared<spdlog::logger>("simulated", std::make_shared<spdlog::sinks::null_sink_st>());
    Coordinator coordinator(cluster_, sink, table, dispatch, *strategy, durations, options);
    try {
      return coordinator.run().kind == SweepEnd::Kind::complete;
    } catch (const CoordinatorLost&) {
      return false;
    }
  }

  std::uint64_t append(const Event& event) {
    log_.push_back(event);
    if (const auto* expired = std::get_if<events::LeaseExpired>(&event)) {
      cluster_.lease_ended(expired->lease);
    } else if (std::holds_alternative<events::Reported>(event) &&
               ++reported_ % k_trials_a_failure == k_trials_a_failure / 2) {
      cluster_.let_a_node_fail();
    }
    return log_.size();
  }

  SimulatedCluster cluster_;
  std::vector<Event> log_;
  std::size_t reported_ = 0;
  int sessions_ = 1;
};

class LostHours : public testing::TestWithParam<std::uint64_t> {
 protected:
  static SimulatedWork work() {
    SimulatedWork work;
    work.seed = GetParam();
    return work;
  }
  static void say(const char* what, const SimulatedSweep& sweep) {
    const TrainerTime& time = sweep.time();
    std::printf(
        "seed %llu, %s: useful %.2f %%; %.1f h trained, of these %.2f h again, %.2f h of dead leases; %d nodes "
        "failed, %d sessions\n",
        static_cast<unsigned long long>(GetParam()), what, 100 * sweep.useful_share(), time.spent / 3600,
        time.again / 3600, time.dead / 3600, time.failures, sweep.sessions());
  }
  static void expect_sound(const SimulatedSweep& sweep) {
    EXPECT_EQ(sweep.reports(), std::vector<int>(k_trials, 1)) << "each trial is reported once";
    EXPECT_GE(sweep.time().failures, static_cast<int>(k_trials / k_trials_a_failure));
    EXPECT_NEAR(sweep.time().spent, sweep.useful() + sweep.time().again, 1e-3);
    EXPECT_NEAR(sweep.seconds_of_leases(), sweep.time().spent + sweep.time().dead, 1e-3);
  }
};

TEST_P(LostHours, OneInTwentyAtMostWithCheckpoints) {
  const SimulatedSweep sweep(work());
  say("a checkpoint a minute", sweep);
  expect_sound(sweep);
  EXPECT_GE(sweep.useful_share(), 0.95);
}

/// The same failures cost more where nothing is kept: it is the checkpoints that the figure above owes to.
TEST_P(LostHours, AreMoreWithoutCheckpoints) {
  SimulatedWork without = work();
  without.checkpoint_seconds = 0;
  const SimulatedSweep sweep(without);
  say("no checkpoints", sweep);
  expect_sound(sweep);
  EXPECT_LT(sweep.useful_share(), 0.95);
}

TEST_P(LostHours, AreNoneWhereNothingFails) {
  SimulatedWork calm = work();
  calm.failure_delay = 1e9;  // they come after the end
  const SimulatedSweep sweep(calm);
  EXPECT_EQ(sweep.time().failures, 0);
  EXPECT_NEAR(sweep.useful_share(), 1, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(FailingNodes, LostHours, testing::Range<std::uint64_t>(1, 6));

}  // namespace
}  // namespace fairsweep
