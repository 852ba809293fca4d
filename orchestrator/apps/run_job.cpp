#include "orchestrator/apps/run_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/diagnostics/logging.hpp"
#include "core/transport/launcher.hpp"
#include "orchestrator/apps/cores.hpp"
#include "orchestrator/apps/devices.hpp"
#include "orchestrator/apps/farewell.hpp"
#include "orchestrator/apps/stop_signal.hpp"
#include "orchestrator/apps/sweep_advice.hpp"
#ifdef FAIRSWEEP_MPI
#include "core/transport/mpi_channel.hpp"
#endif

namespace fairsweep::apps {
namespace {

void advise(const SweepConfiguration& sweep, spdlog::logger& logger) {
  for (const std::string& sentence : advice_on(sweep)) {
    logger.warn("{}", sentence);
  }
}

ProgressLine::Mode progress_of(const RunJob& job) {
  return job.quiet ? ProgressLine::Mode::quiet : ProgressLine::mode_of_stderr();
}

/// Workers of a run without a launcher: one a device where there are devices, else as many trainers as fill the cores.
int workers_of(const RunJob& job, const SweepPlan& plan) {
  if (job.workers > 0) {
    return job.workers;
  }
  const std::size_t devices = trainer_devices(plan.sweep.trainer_command).size() *
                              static_cast<std::size_t>(plan.sweep.resources.agents_per_device);
  const auto threads = static_cast<std::size_t>(trainer_threads(plan.sweep.resources.threads_per_trainer));
  const std::size_t room = devices > 0 ? devices : std::max<std::size_t>(usable_cores().size() / threads, 1);
  return static_cast<int>(std::clamp<std::size_t>(plan.trials(), 1, room));
}

/// The coordinator and its workers as threads of this process.
SweepEnd run_with_threads(RunSession& session, const RunJob& job) {
  const int workers = workers_of(job, session.plan());
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
                       make_logger(fmt::format("worker {}", rank), job.quiet ? LogLevel::warning : LogLevel::info));
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
    end = session.coordinate(*channels[0], "threads", progress_of(job));
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

SweepEnd conclude_complete(RunSession& session, const RunJob& job) {
  if (!job.quiet) {
    fmt::print(stderr, "fairsweep: {}: the run is complete; its result file is written again\n",
               session.plan().run.path().string());
  }
  return session.conclude_complete();
}

ExitCode run_alone(const RunJob& job) {
  const auto logger = make_logger("coordinator", job.quiet ? LogLevel::warning : LogLevel::info);
  RunSession session(job.plan(*logger), job.resume, logger);
  advise(session.plan().sweep, *logger);
  listen_for_stop_signals();
  const SweepEnd end = session.complete() ? conclude_complete(session, job) : run_with_threads(session, job);
  return job.conclude(end, session);
}

#ifdef FAIRSWEEP_MPI
ExitCode coordinate_ranks(MpiChannel& channel, const RunJob& job) {
  const auto logger = make_logger("rank 0 coordinator", job.quiet ? LogLevel::warning : LogLevel::info);
  std::unique_ptr<RunSession> session;
  try {
    if (job.workers > 0) {
      throw UserError(ExitCode::configuration,
                      "under mpirun or srun every rank but the first is a worker; say how many with -np or -n, and "
                      "leave --workers out");
    }
    session = std::make_unique<RunSession>(job.plan(*logger), job.resume, logger);
    advise(session->plan().sweep, *logger);
    if (session->complete()) {
      const ExitCode code = job.conclude(conclude_complete(*session, job), *session);
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
  const SweepEnd end = session->coordinate(channel, "mpi", progress_of(job));
  say_farewell(channel, end.workers_lost);
  const ExitCode code = job.conclude(end, *session);
  channel.finish(end.workers_lost, static_cast<int>(code));
  return code;
}

ExitCode work_for_rank_0(MpiChannel& channel, const RunJob& job) {
  const auto logger =
      make_logger(fmt::format("rank {} worker", channel.rank()), job.quiet ? LogLevel::warning : LogLevel::info);
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

ExitCode run_ranks(MpiChannel& channel, const RunJob& job) {
  listen_for_stop_signals();
  ExitCode code = ExitCode::internal;
  try {
    return channel.rank() == 0 ? coordinate_ranks(channel, job) : work_for_rank_0(channel, job);
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

ExitCode run_job(const RunJob& job) {
#ifdef FAIRSWEEP_MPI
  if (started_by_launcher()) {
    int argc = 0;
    char** argv = nullptr;
    const std::unique_ptr<MpiChannel> channel = make_mpi_channel(argc, argv);
    if (channel->size() > 1) {
      return run_ranks(*channel, job);
    }
    const ExitCode code = run_alone(job);
    channel->finish(false, static_cast<int>(code));
    return code;
  }
#endif
  return run_alone(job);
}

}  // namespace fairsweep::apps
