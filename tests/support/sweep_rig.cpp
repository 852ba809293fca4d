#include "tests/support/sweep_rig.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "orchestrator/dispatch.hpp"
#include "orchestrator/resume.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "tests/support/conditional_space.hpp"

namespace fairsweep::support {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

TrainerSetup setup_of() {
  TrainerSetup setup;
  setup.sweep = "rig";
  setup.groups = {"few", "many"};
  setup.metrics = {"accuracy"};
  setup.seed = 9;
  return setup;
}

AgentOptions options_of(const SweepRig& rig, int rank, const TrainerSetup& setup) {
  AgentOptions options;
  options.host = "host" + std::to_string(rank);
  options.trainer.launch.launcher = {NOOP_TRAINER, "launch-trainer"};
  options.trainer.launch.command = rig.command;
  if (rig.command.empty()) {
    options.trainer.launch.command = {NOOP_TRAINER};
    const auto own = rig.trainer_arguments_of.find(rank);
    const auto& arguments = own == rig.trainer_arguments_of.end() ? rig.trainer_arguments : own->second;
    options.trainer.launch.command.insert(options.trainer.launch.command.end(), arguments.begin(), arguments.end());
  }
  options.trainer.setup = setup;
  options.trainer.objectives = {{"accuracy", "few", Direction::maximise, "1"},
                                {"accuracy", "many", Direction::maximise, "1"}};
  options.trainer.silence_seconds = rig.trial_timeout_seconds;
  options.heartbeat_seconds = rig.heartbeat_seconds;
  options.coordinator_timeout_seconds = rig.coordinator_timeout_seconds;
  options.stop_grace_seconds = rig.stop_grace_seconds;
  options.logger = make_logger("rank " + std::to_string(rank), LogLevel::error);
  return options;
}

}  // namespace

SweepEnd SweepRig::run() {
  std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(workers + 1);
  TrialTable live(TrialRules{replicates, retries, silent_leases});
  const auto strategy = make_strategy("sobol", conditional_space(), {3, 5, {}});
  (void)replay(log, "the rig's log", live, strategy.get());
  const std::size_t most =
      disk_full_after == 0 ? std::numeric_limits<std::size_t>::max() : log.size() + disk_full_after;
  EventSink sink{[this, most](const Event& event) {
                   if (log.size() >= most) {
                     throw UserError(ExitCode::environment, "the disk is full");
                   }
                   log.push_back(event);
                   return log.size();
                 },
                 [this] { return log.size() - std::min<std::uint64_t>(durable_lag, log.size()); }};
  events::Started started;
  started.replicates = replicates;
  started.configurations = configurations;
  begin_session(sink, live, started);
  Dispatch dispatch({trials_per_pack, static_cast<std::size_t>(workers),
                     [](const Settings& sampled) { return sampled; },
                     [](const Settings& settings) { return to_text(settings.at("method.name")); }});
  dispatch.add(live, {live.pending().begin(), live.pending().end()});

  Durations durations([&](TrialId trial) {
    return dispatch.shape_of(live.configurations()[live.trials()[trial.value].configuration.value]);
  });
  CoordinatorOptions options;
  options.configurations = configurations;
  options.heartbeat_seconds = heartbeat_seconds;
  options.lease_seconds = lease_seconds;
  options.setup = setup_of();
  options.monotonic = seconds_now;
  options.time = seconds_now;
  if (seconds_to_deadline > 0) {
    options.deadline = Deadline(seconds_now(), seconds_now() + seconds_to_deadline, deadline_reserve);
  }
  options.stop_requested = [&] { return stop_when && stop_when(live); };
  options.logger = make_logger("coordinator", LogLevel::error);
  std::map<int, std::atomic<bool>> leave;
  for (int rank = 1; rank <= workers; ++rank) {
    leave[rank] = false;
  }
  options.on_turn = [&](const TrialTable& table) {
    for (auto& [rank, flag] : leave) {
      if (agent_leaves_when && agent_leaves_when(rank, table)) {
        flag = true;
      }
    }
  };

  std::mutex mutex;
  std::vector<std::thread> agents;
  for (int rank = 1; rank <= workers; ++rank) {
    agents.emplace_back([&, rank] {
      std::unique_ptr<Channel> channel = std::move(channels[static_cast<std::size_t>(rank)]);
      if (wrap) {
        channel = wrap(rank, std::move(channel));
      }
      const std::optional<TrainerSetup> setup = Agent::ask_for_setup(*channel, 0, 30);
      AgentOptions agent_options = options_of(*this, rank, setup.value());
      agent_options.stop_requested = [&leave, rank] { return leave.at(rank).load(); };
      Agent agent(*channel, std::move(agent_options));
      const AgentEnd end = agent.run();
      const std::lock_guard lock(mutex);
      agent_ends[rank] = end;
    });
  }
  Coordinator coordinator(*channels[0], sink, live, dispatch, *strategy, durations, std::move(options));
  SweepEnd end;
  std::exception_ptr failure;
  try {
    end = coordinator.run();
  } catch (const UserError&) {
    failure = std::current_exception();
    dismiss_agents(*channels[0]);
  }
  for (std::thread& agent : agents) {
    agent.join();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
  return end;
}

TrialTable SweepRig::table() const {
  TrialTable table(TrialRules{replicates, retries, silent_leases});
  (void)replay(log, "the rig's log", table, nullptr);
  return table;
}

std::map<std::uint32_t, std::vector<MetricValue>> SweepRig::results() const {
  std::map<std::uint32_t, std::vector<MetricValue>> found;
  const TrialTable last = table();
  for (const TableTrial& trial : last.trials()) {
    if (trial.state == TableTrial::State::reported) {
      found[trial.id.value] = trial.report.metrics;
    }
  }
  return found;
}

}  // namespace fairsweep::support
