#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/config/read_sweep.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/job_end.hpp"
#include "orchestrator/apps/run_sweep.hpp"

namespace fairsweep::apps {
namespace {

struct SweepRun {
  RunOptions options;
  std::string sweep;
  std::string shard;
};

SweepPlan plan_of(const SweepRun& run, spdlog::logger& logger) {
  const std::optional<JobEnd> end = find_job_end(run.options.deadline, job_end_sources());
  SweepConfiguration sweep = read_sweep_file(run.sweep, parse_overrides(run.options.assignments));
  (void)trainer_command(sweep);
  const Shard shard = run.shard.empty() ? Shard{} : read_shard(run.shard);
  const std::string part =
      shard.count > 1 ? fmt::format(".shard-{}-of-{}", shard.index + 1, shard.count) : std::string();
  const std::filesystem::path place = run.options.out.empty() ? std::filesystem::path("runs") / (sweep.name + part)
                                                              : std::filesystem::path(run.options.out);
  SweepPlan plan = make_plan(std::move(sweep), RunDirectory(place), true);
  plan.shard = shard;
  if (plan.trials() == 0) {
    throw UserError(ExitCode::configuration,
                    fmt::format("--shard {}: the sweep has fewer trials than shards, and this one would be empty; "
                                "make at most {} shards",
                                run.shard, plan.configurations * plan.sweep.search.replicates));
  }
  keep_job_end(plan, end, logger);
  return plan;
}

}  // namespace

void add_run(CLI::App& app, ExitCode& exit_code) {
  const auto run = std::make_shared<SweepRun>();
  CLI::App* command = app.add_subcommand("run", "Run a sweep, or go on with one: alone, under mpirun or under srun");
  command->add_option("sweep", run->sweep, "the sweep (YAML)")->type_name("SWEEP.yaml")->required();
  add_run_options(*command, run->options, "runs/NAME");
  command
      ->add_option("--shard", run->shard,
                   "train a part of the trials only, 2/8: the second of eight; `fairsweep merge` joins the runs")
      ->type_name("I/N");
  command->callback([run, &exit_code] {
    exit_code = run_sweep({run->options, [run](spdlog::logger& logger) { return plan_of(*run, logger); }, {}, {}});
  });
}

}  // namespace fairsweep::apps
