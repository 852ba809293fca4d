#include "orchestrator/apps/run_sweep.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "orchestrator/apps/run_job.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "results/report/front_report.hpp"

namespace fairsweep::apps {
namespace {

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
void print_end(const SweepEnd& end, const RunSession& session, const RunRequest& request) {
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
}

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options, const std::string& place) {
  command.add_option("--workers", options.workers, "trainers at a time (default: what this machine serves)")
      ->check(CLI::Range(1, 4096));
  command.add_option("--out", options.out, "the run directory (default: " + place + ")")->type_name("DIR");
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
}

ExitCode run_sweep(const RunRequest& request) {
  RunJob job;
  job.plan = request.plan;
  job.conclude = [&request](const SweepEnd& end, const RunSession& session) {
    print_end(end, session, request);
    return end.code;
  };
  job.workers = request.options.workers;
  job.resume = request.options.resume;
  job.quiet = request.options.quiet;
  return run_job(job);
}

}  // namespace fairsweep::apps
