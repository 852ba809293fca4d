#include "orchestrator/apps/run_sweep.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/diagnostics/logging.hpp"
#include "core/transport/launcher.hpp"
#include "orchestrator/apps/cores.hpp"
#include "orchestrator/apps/devices.hpp"
#include "orchestrator/apps/farewell.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "orchestrator/apps/stop_signal.hpp"
#include "orchestrator/apps/sweep_advice.hpp"
#include "results/report/front_report.hpp"
#ifdef FAIRSWEEP_MPI
#include "core/transport/mpi_channel.hpp"
#endif

namespace fairsweep::apps {
namespace {

void advise(const SweepPlan& plan, spdlog::logger& logger) {
  for (const std::string& sentence : advice_on(plan.sweep)) {
    logger.warn("{}", sentence);
  }
  for (const std::string& sentence : plan.advice) {
    logger.warn("{}", sentence);
  }
}

ProgressLine::Mode progress_of(const RunRequest& request) {
  return request.options.quiet ? ProgressLine::Mode::quiet : ProgressLine::mode_of_stderr();
}

/// Workers of a run without a launcher: one a device where there are devices, else as many trainers as fill the cores.
int workers_of(const RunRequest& request, const SweepPlan& plan) {
  if (request.options.workers > 0) {
    return request.options.workers;
  }
  const std::size_t devices = trainer_devices(plan.sweep.trainer_command).size() *
                              static_cast<std::size_t>(plan.sweep.resources.agents_per_device);
  const auto threads = static_cast<std::size_t>(trainer_threads(plan.sweep.resources.threads_per_trainer));
  const std::size_t room = devices > 0 ? devices : std::max<std::size_t>(usable_cores().size() / threads, 1);
  return static_cast<int>(std::clamp<std::size_t>(plan.trials(), 1, room));
}

/// The coordinator and its workers as threads of this process.
SweepEnd run_with_threads(RunSession& session, const RunRequest& request) {
  const int workers = workers_of(request, session.plan());
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
        const std::optional<WorkerEnd> worker = run_worker(
            *channels[static_cast<std::size_t>(rank)], static_cast<std::size_t>(rank - 1),
            make_logger(fmt::format("worker {}", rank), request.options.quiet ? LogLevel::warning : LogLevel::info));
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
    end = session.coordinate(*channels[0], "threads", progress_of(request));
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

/// What the run came to: the front on stdout, how it ended on stderr. Answers the exit code.
ExitCode print_end(const SweepEnd& end, const RunSession& session, const RunRequest& request) {
  if (request.conclude) {
    return request.conclude(end, session);
  }
  const SweepPlan& plan = session.plan();
  if (request.options.json || (!request.options.quiet && session.table().counts().reported > 0)) {
    report::RunSummary summary = report::summarise_run(
        plan.run.path().string(), read_run(plan.run), plan.sweep.settings,
        [&plan](const Configuration& configuration) { return trial_settings(plan.sweep, configuration.values); });
    summary.confidence = report::front_confidence(summary.record, summary.front);
    if (request.options.json) {
      nlohmann::json answer = summary_json(end, session, summary);
      if (request.add_json) {
        request.add_json(answer, summary);
      }
      std::cout << answer.dump(2) << '\n';
    } else {
      std::cout << (request.text ? request.text(summary) : report::front_text(summary, report::Shown::front));
    }
  }
  if (!request.options.json && !request.options.quiet) {
    std::cout << "results: " << plan.run.results().string() << '\n';
  }
  std::cout << std::flush;
  if (end.kind == SweepEnd::Kind::stopped) {
    fmt::print(stderr, "fairsweep: stopped ({}); go on with the same command and --resume\n", end.message);
  } else if (!end.message.empty()) {
    fmt::print(stderr, "fairsweep: {}\n", end.message);
  }
  return end.code;
}

SweepEnd conclude_complete(RunSession& session, const RunRequest& request) {
  if (!request.options.quiet) {
    fmt::print(stderr, "fairsweep: {}: the run is complete; its result file is written again\n",
               session.plan().run.path().string());
  }
  return session.conclude_complete();
}

ExitCode run_alone(const RunRequest& request) {
  const auto logger = make_logger("coordinator", request.options.quiet ? LogLevel::warning : LogLevel::info);
  RunSession session(request.plan(*logger), request.options.resume, logger);
  advise(session.plan(), *logger);
  listen_for_stop_signals();
  const SweepEnd end = session.complete() ? conclude_complete(session, request) : run_with_threads(session, request);
  return print_end(end, session, request);
}

#ifdef FAIRSWEEP_MPI
ExitCode coordinate_ranks(MpiChannel& channel, const RunRequest& request) {
  const auto logger = make_logger("rank 0 coordinator", request.options.quiet ? LogLevel::warning : LogLevel::info);
  std::unique_ptr<RunSession> session;
  try {
    if (request.options.workers > 0) {
      throw UserError(ExitCode::configuration,
                      "under mpirun or srun every rank but the first is a worker; say how many with -np or -n, and "
                      "leave --workers out");
    }
    session = std::make_unique<RunSession>(request.plan(*logger), request.options.resume, logger);
    advise(session->plan(), *logger);
    if (session->complete()) {
      const SweepEnd end = conclude_complete(*session, request);
      const ExitCode code = print_end(end, *session, request);
      dismiss_agents(channel);
      channel.finish(false, static_cast<int>(code));
      return code;
    }
  } catch (const UserError& error) {
    fmt::print(stderr, "fairsweep: {}\n", error.what());
    dismiss_agents(channel);
    channel.finish(false, static_cast<int>(error.code()));
    return error.code();
  }
  const SweepEnd end = session->coordinate(channel, "mpi", progress_of(request));
  say_farewell(channel, end.workers_lost);
  const ExitCode code = print_end(end, *session, request);
  channel.finish(end.workers_lost, static_cast<int>(code));
  return code;
}

ExitCode work_for_rank_0(MpiChannel& channel, const RunRequest& request) {
  const auto logger = make_logger(fmt::format("rank {} worker", channel.rank()),
                                  request.options.quiet ? LogLevel::warning : LogLevel::info);
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

ExitCode run_ranks(MpiChannel& channel, const RunRequest& request) {
  listen_for_stop_signals();
  ExitCode code = ExitCode::internal;
  try {
    return channel.rank() == 0 ? coordinate_ranks(channel, request) : work_for_rank_0(channel, request);
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

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options, const std::string& place) {
  command.add_option("--workers", options.workers, "trainers at a time (default: what this machine serves)")
      ->check(CLI::Range(1, 4096));
  command.add_option("-o,--out", options.out, "the run directory (default: " + place + ")")->type_name("DIR");
  command.add_option("--set", options.assignments, "put a value over the file's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option(
          "--deadline", options.deadline,
          "when to have stopped, to be resumed: 2026-03-01T18:00:00 or +90m (default: the end of the Slurm job)")
      ->type_name("TIME");
  command.add_flag("--resume", options.resume, "go on with the run that is there, or begin it");
  command.add_flag("--quiet", options.quiet, "no progress, no front at the end");
  command.add_flag("--json", options.json, "what it came to, for programs");
}

void keep_job_end(SweepPlan& plan, const std::optional<JobEnd>& end, spdlog::logger& logger) {
  if (!end) {
    return;
  }
  plan.job_end = end->time;
  logger.info("{}: this job ends at {:%Y-%m-%dT%H:%M:%S}; the sweep stops {} s before, or earlier, to be resumed",
              end->source, fmt::localtime(static_cast<std::time_t>(end->time)), plan.sweep.resources.stop_seconds);
  const double left = end->time - static_cast<double>(std::time(nullptr));
  if (left <= plan.sweep.resources.stop_seconds) {
    logger.warn(
        "{}: {:.0f} s from now is within resources.stop_seconds ({} s), so nothing can be trained before the stop; "
        "give more time, or a smaller resources.stop_seconds",
        end->source, left, plan.sweep.resources.stop_seconds);
  }
}

ExitCode run_sweep(const RunRequest& request) {
#ifdef FAIRSWEEP_MPI
  if (started_by_launcher()) {
    int argc = 0;
    char** argv = nullptr;
    const std::unique_ptr<MpiChannel> channel = make_mpi_channel(argc, argv);
    if (channel->size() > 1) {
      return run_ranks(*channel, request);
    }
    const ExitCode code = run_alone(request);
    channel->finish(false, static_cast<int>(code));
    return code;
  }
#endif
  return run_alone(request);
}

}  // namespace fairsweep::apps
