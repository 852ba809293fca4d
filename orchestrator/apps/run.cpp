#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/logging.hpp"
#include "core/transport/launcher.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/cores.hpp"
#include "orchestrator/apps/devices.hpp"
#include "orchestrator/apps/farewell.hpp"
#include "orchestrator/apps/job_end.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "orchestrator/apps/stop_signal.hpp"
#include "orchestrator/apps/sweep_advice.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "results/report/front_report.hpp"
#ifdef FAIRSWEEP_MPI
#include "core/transport/mpi_channel.hpp"
#endif

namespace fairsweep::apps {
namespace {

struct RunOptions {
  std::string sweep;
  std::string out;
  std::vector<std::string> assignments;
  std::string deadline;
  std::string shard;
  int workers = 0;  ///< 0: as many as this machine serves
  bool resume = false;
  bool quiet = false;
  bool json = false;
};

SweepPlan plan_of(const RunOptions& options, spdlog::logger& logger) {
  const std::optional<JobEnd> end = find_job_end(options.deadline, job_end_sources());
  SweepConfiguration sweep = read_sweep_file(options.sweep, parse_overrides(options.assignments));
  (void)trainer_command(sweep);
  const Shard shard = options.shard.empty() ? Shard{} : read_shard(options.shard);
  const std::string part =
      shard.count > 1 ? fmt::format(".shard-{}-of-{}", shard.index + 1, shard.count) : std::string();
  const std::filesystem::path place =
      options.out.empty() ? std::filesystem::path("runs") / (sweep.name + part) : std::filesystem::path(options.out);
  SweepPlan plan = make_plan(std::move(sweep), RunDirectory(place), true);
  plan.shard = shard;
  if (plan.trials() == 0) {
    throw UserError(ExitCode::configuration,
                    fmt::format("--shard {}: the sweep has fewer trials than shards, and this one would be empty; "
                                "make at most {} shards",
                                options.shard, plan.configurations * plan.sweep.search.replicates));
  }
  if (end) {
    plan.job_end = end->time;
    logger.info("{}: this job ends at {:%Y-%m-%dT%H:%M:%S}; the sweep stops {} s before, or earlier, to be resumed",
                end->source, fmt::localtime(static_cast<std::time_t>(end->time)), plan.sweep.resources.stop_seconds);
  }
  return plan;
}

void advise(const SweepConfiguration& sweep, spdlog::logger& logger) {
  for (const std::string& sentence : advice_on(sweep)) {
    logger.warn("{}", sentence);
  }
}

ProgressLine::Mode progress_of(const RunOptions& options) {
  return options.quiet ? ProgressLine::Mode::quiet : ProgressLine::mode_of_stderr();
}

/// Workers of a run without a launcher: one a device where there are devices, else as many trainers as fill the cores.
int workers_of(const RunOptions& options, const SweepPlan& plan) {
  if (options.workers > 0) {
    return options.workers;
  }
  const std::size_t devices = trainer_devices(plan.sweep.trainer_command).size() *
                              static_cast<std::size_t>(plan.sweep.resources.agents_per_device);
  const auto threads = static_cast<std::size_t>(trainer_threads(plan.sweep.resources.threads_per_trainer));
  const std::size_t room = devices > 0 ? devices : std::max<std::size_t>(usable_cores().size() / threads, 1);
  return static_cast<int>(std::clamp<std::size_t>(plan.trials(), 1, room));
}

/// The coordinator and its workers as threads of this process.
SweepEnd run_with_threads(RunSession& session, const RunOptions& options) {
  const int workers = workers_of(options, session.plan());
  const std::vector<std::unique_ptr<Channel>> channels = make_loopback_channels(workers + 1);
  std::mutex mutex;
  std::exception_ptr failure;
  const auto fail = [&] {
    const std::lock_guard lock(mutex);
    failure = failure ? failure : std::current_exception();
    ask_to_stop();
    ask_to_stop();  // at once
  };
  std::vector<std::thread> agents;
  for (int rank = 1; rank <= workers; ++rank) {
    agents.emplace_back([&, rank] {
      try {
        const std::optional<WorkerEnd> worker =
            run_worker(*channels[static_cast<std::size_t>(rank)], static_cast<std::size_t>(rank - 1),
                       make_logger(fmt::format("worker {}", rank), options.quiet ? LogLevel::warning : LogLevel::info));
        if (worker && worker->failure) {
          std::rethrow_exception(worker->failure);
        }
      } catch (...) {
        fail();
      }
    });
  }
  SweepEnd end;
  try {
    end = session.coordinate(*channels[0], "threads", progress_of(options));
  } catch (...) {
    fail();
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

nlohmann::json summary_json(const SweepEnd& end, const RunSession& session, const report::RunSummary& summary) {
  constexpr const char* k_kinds[] = {"complete", "incomplete", "stopped", "unable"};
  const TrialTable::Counts& counts = session.table().counts();
  return {{"run", session.plan().run.path().string()},
          {"results", session.plan().run.results().string()},
          {"state", k_kinds[static_cast<std::size_t>(end.kind)]},
          {"message", end.message},
          {"exit_code", static_cast<int>(end.code)},
          {"trials",
           {{"wanted", session.plan().trials()},
            {"reported", counts.reported},
            {"failed", counts.failed},
            {"pending", counts.pending + counts.running}}},
          {"front", report::front_json(summary, report::Shown::front)}};
}

/// What the run came to: the front on stdout, how it ended on stderr.
void print_end(const SweepEnd& end, const RunSession& session, const RunOptions& options) {
  const SweepPlan& plan = session.plan();
  if (options.json || (!options.quiet && session.table().counts().reported > 0)) {
    const report::RunSummary summary = report::summarise_run(
        plan.run.path().string(), read_run(plan.run), plan.sweep.settings,
        [&plan](const Configuration& configuration) { return trial_settings(plan.sweep, configuration.values); });
    if (options.json) {
      std::cout << summary_json(end, session, summary).dump(2) << '\n';
    } else {
      std::cout << report::front_text(summary, report::Shown::front);
    }
  }
  if (!options.json && !options.quiet) {
    std::cout << "results: " << plan.run.results().string() << '\n';
  }
  std::cout << std::flush;
  if (end.kind == SweepEnd::Kind::stopped) {
    fmt::print(stderr, "fairsweep: stopped ({}); go on with the same command and --resume\n", end.message);
  } else if (!end.message.empty()) {
    fmt::print(stderr, "fairsweep: {}\n", end.message);
  }
}

SweepEnd conclude_complete(RunSession& session, const RunOptions& options) {
  if (!options.quiet) {
    fmt::print(stderr, "fairsweep: {}: the run is complete; its result file is written again\n",
               session.plan().run.path().string());
  }
  return session.conclude_complete();
}

ExitCode run_alone(const RunOptions& options) {
  const auto logger = make_logger("coordinator", options.quiet ? LogLevel::warning : LogLevel::info);
  RunSession session(plan_of(options, *logger), options.resume, logger);
  advise(session.plan().sweep, *logger);
  listen_for_stop_signals();
  const SweepEnd end = session.complete() ? conclude_complete(session, options) : run_with_threads(session, options);
  print_end(end, session, options);
  return end.code;
}

#ifdef FAIRSWEEP_MPI
ExitCode coordinate_ranks(MpiChannel& channel, const RunOptions& options) {
  const auto logger = make_logger("rank 0 coordinator", options.quiet ? LogLevel::warning : LogLevel::info);
  std::unique_ptr<RunSession> session;
  try {
    if (options.workers > 0) {
      throw UserError(ExitCode::configuration,
                      "under mpirun or srun every rank but the first is a worker; say how many with -np or -n, and "
                      "leave --workers out");
    }
    session = std::make_unique<RunSession>(plan_of(options, *logger), options.resume, logger);
    advise(session->plan().sweep, *logger);
    if (session->complete()) {
      const SweepEnd end = conclude_complete(*session, options);
      print_end(end, *session, options);
      dismiss_agents(channel);
      channel.finish(false, static_cast<int>(end.code));
      return end.code;
    }
  } catch (const UserError& error) {
    fmt::print(stderr, "fairsweep: {}\n", error.what());
    dismiss_agents(channel);
    channel.finish(false, static_cast<int>(error.code()));
    return error.code();
  }
  const SweepEnd end = session->coordinate(channel, "mpi", progress_of(options));
  say_farewell(channel, end.workers_lost);
  print_end(end, *session, options);
  channel.finish(end.workers_lost, static_cast<int>(end.code));
  return end.code;
}

ExitCode work_for_rank_0(MpiChannel& channel, const RunOptions& options) {
  const auto logger =
      make_logger(fmt::format("rank {} worker", channel.rank()), options.quiet ? LogLevel::warning : LogLevel::info);
  const std::size_t on_host = rank_on_host();
  const std::optional<WorkerEnd> end = run_worker(channel, on_host, logger);
  if (end && end->failure) {  // the others go on, and rank 0 decides how the run ended
    try {
      std::rethrow_exception(end->failure);
    } catch (const UserError& error) {
      logger->error("this worker cannot work: {}", error.what());
    }
  }
  const bool silent = end && end->agent == AgentEnd::coordinator_silent;
  if (silent) {
    logger->error("the coordinator is silent; this worker ends");
  }
  // A dismissed worker's coordinator has nothing more to say: it could not begin, or is gone with an error.
  const bool parting = end && end->agent != AgentEnd::dismissed;
  const bool lost = silent || (parting && await_farewell(channel, end->patience_seconds));
  const ExitCode code = silent ? ExitCode::resumable : ExitCode::done;
  channel.finish(lost, static_cast<int>(code));
  return code;
}

ExitCode run_ranks(MpiChannel& channel, const RunOptions& options) {
  listen_for_stop_signals();
  ExitCode code = ExitCode::internal;
  try {
    return channel.rank() == 0 ? coordinate_ranks(channel, options) : work_for_rank_0(channel, options);
  } catch (const UserError& error) {
    fmt::print(stderr, "fairsweep: rank {}: {}\n", channel.rank(), error.what());
    code = error.code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "fairsweep: rank {}: internal error: {}\n", channel.rank(), error.what());
  }
  std::fflush(stderr);
  channel.abort(static_cast<int>(code));
  std::abort();  // g++ does not see that a virtual function never returns
}
#endif

ExitCode run(const RunOptions& options) {
#ifdef FAIRSWEEP_MPI
  if (started_by_launcher()) {
    int argc = 0;
    char** argv = nullptr;
    const std::unique_ptr<MpiChannel> channel = make_mpi_channel(argc, argv);
    if (channel->size() > 1) {
      return run_ranks(*channel, options);
    }
    const ExitCode code = run_alone(options);
    channel->finish(false, static_cast<int>(code));
    return code;
  }
#endif
  return run_alone(options);
}

}  // namespace

void add_run(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run a sweep, or go on with one: alone, under mpirun or under srun");
  command->add_option("sweep", options->sweep, "the sweep (YAML)")->type_name("SWEEP.yaml")->required();
  command->add_option("--workers", options->workers, "trainers at a time (default: what this machine serves)")
      ->check(CLI::Range(1, 4096));
  command->add_option("--out", options->out, "the run directory (default: runs/NAME)")->type_name("DIR");
  command->add_option("--set", options->assignments, "put a value over the file's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--deadline", options->deadline,
          "when to have stopped, to be resumed: 2026-03-01T18:00:00 or +90m (default: the end of the Slurm job)")
      ->type_name("TIME");
  command
      ->add_option("--shard", options->shard,
                   "train a part of the trials only, 2/8: the second of eight; `fairsweep merge` joins the runs")
      ->type_name("I/N");
  command->add_flag("--resume", options->resume, "go on with the run that is there, or begin it");
  command->add_flag("--quiet", options->quiet, "no progress, no front at the end");
  command->add_flag("--json", options->json, "what it came to, for programs");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace fairsweep::apps
