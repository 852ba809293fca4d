#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/job_end.hpp"
#include "orchestrator/apps/run_job.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/run_session.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "results/report/front_report.hpp"

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

ExitCode run(const RunOptions& options) {
  RunJob job;
  job.plan = [&options](spdlog::logger& logger) { return plan_of(options, logger); };
  job.conclude = [&options](const SweepEnd& end, const RunSession& session) {
    print_end(end, session, options);
    return end.code;
  };
  job.workers = options.workers;
  job.resume = options.resume;
  job.quiet = options.quiet;
  return run_job(job);
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
