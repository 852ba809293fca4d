#include <exception>
#include <filesystem>
#include <limits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/host.hpp"
#include "orchestrator/apps/cores.hpp"
#include "orchestrator/apps/devices.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "orchestrator/apps/stage_data.hpp"
#include "orchestrator/apps/stop_signal.hpp"

namespace fairsweep::apps {
namespace {

constexpr double k_setup_seconds = 600;  // reading large data takes the coordinator a while

AgentOptions options_of(const SweepConfiguration& sweep, const RunDirectory& run, TrainerSetup setup, int rank,
                        std::size_t host_index) {
  AgentOptions options;
  options.host = host_name();
  options.heartbeat_seconds = sweep.resources.heartbeat_seconds;
  options.coordinator_timeout_seconds = 2 * sweep.resources.lease_seconds + 60;
  options.trainer.objectives = objectives_of(sweep.front, setup.groups);
  options.stop_grace_seconds = sweep.resources.stop_seconds;
  options.trainer.silence_seconds = sweep.resources.trial_timeout_seconds;
  options.trainer.launch.launcher = {this_program(), "launch-trainer"};
  options.trainer.launch.command = trainer_command(sweep);
  options.trainer.launch.threads = trainer_threads(sweep.resources.threads_per_trainer);
  options.trainer.launch.devices = device_of(host_index, trainer_devices(sweep.trainer_command));
  options.trainer.launch.log_file = (run.logs() / ("worker-" + std::to_string(rank) + ".log")).string();
  const std::vector<int> usable = usable_cores();
  options.trainer.launch.cores = cores_of_worker(host_index, options.trainer.launch.threads, usable, granted_cores());
  setup.device = options.trainer.launch.devices ? "cuda" : "cpu";
  setup.threads = options.trainer.launch.threads;
  const std::size_t cores = (options.trainer.launch.cores.empty() ? usable : options.trainer.launch.cores).size();
  options.place = {static_cast<std::int64_t>(host_index), options.trainer.launch.devices.value_or(""),
                   static_cast<std::int64_t>(cores), setup.threads, usable_memory_mib()};
  options.trainer.setup = std::move(setup);
  options.stop_requested = [] { return stop_signals() > 0; };
  options.hurry_requested = [] { return stop_signals() > 1; };
  return options;
}

}  // namespace

std::optional<WorkerEnd> run_worker(Channel& channel, std::size_t host_index,
                                    const std::shared_ptr<spdlog::logger>& logger) {
  std::optional<TrainerSetup> setup = Agent::ask_for_setup(channel, 0, k_setup_seconds);
  if (!setup) {
    return std::nullopt;
  }
  try {
    const RunDirectory run(setup->run_directory);
    const SweepConfiguration sweep = read_resolved_sweep(run);
    const std::filesystem::path staging = staging_folder(sweep.resources.staging_directory);
    if (!staging.empty() && !setup->data_file.empty()) {
      setup->data_file = stage_data(
                             setup->data_file, setup->data_digest, staging, [] { return stop_signals() > 0; }, *logger)
                             .string();
    } else if (!sweep.resources.staging_directory.empty()) {
      logger->warn("resources.staging_directory: {} is not set here; the data are read where they are",
                   sweep.resources.staging_directory);
    }
    AgentOptions options = options_of(sweep, run, std::move(*setup), channel.rank(), host_index);
    options.logger = logger;
    if (host_index == 0 && !options.trainer.launch.devices && !visible_devices().empty()) {
      logger->warn(
          "{} CUDA device(s) are visible here, but fairsweep-trainer was built against a LibTorch without CUDA: trials "
          "run on the CPU; docs/gpu.md says how to build with another LibTorch",
          visible_devices().size());
    }
    const double patience = options.coordinator_timeout_seconds;
    const AgentEnd end = Agent(channel, std::move(options)).run();
    // One that left by itself may have to wait for the whole sweep.
    return WorkerEnd{end, end == AgentEnd::told ? patience : std::numeric_limits<double>::infinity(), nullptr};
  } catch (const UserError&) {
    Agent::say_goodbye(channel, 0);
    return WorkerEnd{AgentEnd::left, std::numeric_limits<double>::infinity(), std::current_exception()};
  } catch (const std::exception&) {
    Agent::say_goodbye(channel, 0);
    throw;
  }
}

}  // namespace fairsweep::apps
