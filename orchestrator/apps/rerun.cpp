#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/job_end.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "orchestrator/apps/rerun_plan.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/run_sweep.hpp"
#include "results/report/rerun_report.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  RerunRequest request;
  RunOptions run;
  bool expect_identical = false;
};

/// Compares and prints; a run that did not end by itself answers its own code.
ExitCode conclude(const Options& options, const RunRecord& before, const SweepEnd& end, const RunSession& session) {
  const SweepPlan& plan = session.plan();
  report::RerunReport report = report::compare_rerun(before, read_run(plan.run), plan.shard.only);
  report.results = options.request.results;
  report.run = plan.run.path().string();
  if (options.run.json) {
    std::cout << report::rerun_json(report).dump(2) << '\n';
  } else {
    std::cout << report::rerun_text(report);
  }
  std::cout << std::flush;
  if (end.kind == SweepEnd::Kind::stopped) {
    fmt::print(stderr, "fairsweep: stopped ({}); go on with the same command and --resume\n", end.message);
    return end.code;
  }
  if (end.kind == SweepEnd::Kind::unable) {
    fmt::print(stderr, "fairsweep: {}\n", end.message);
    return end.code;
  }
  const bool content = options.expect_identical ? report.identical() : report.reproduced();
  return content ? ExitCode::done : ExitCode::file;
}

ExitCode rerun(Options& options) {
  options.request.out = options.run.out;
  options.request.assignments = options.run.assignments;
  std::optional<RunRecord> before;
  RunRequest request;
  request.options = options.run;
  request.plan = [&](spdlog::logger& logger) {
    const std::optional<JobEnd> end = find_job_end(options.run.deadline, job_end_sources());
    report::RunSummary run = load_run(options.request.results, EventLines::read);
    const std::vector<TrialId> trials = trials_to_rerun(run, options.request);
    before = std::move(run.record);
    SweepPlan plan = rerun_plan(*before, trials, options.request);
    (void)trainer_command(plan.sweep);
    keep_job_end(plan, end, logger);
    return plan;
  };
  request.conclude = [&](const SweepEnd& end, const RunSession& session) {
    return conclude(options, *before, end, session);
  };
  return run_sweep(request);
}

}  // namespace

void add_rerun(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "rerun", "Train points of a result file again, from it and the data it names, and compare every number");
  command->add_option("RESULTS", options->request.results, "a results.h5 or a run directory")->required();
  CLI::Option* trial = command->add_option("--trial", options->request.trial, "this trial");
  CLI::Option* configuration =
      command->add_option("--configuration", options->request.configuration, "every replicate of this configuration")
          ->excludes(trial);
  command->add_flag("--front", options->request.front, "every replicate of every point on the front")
      ->excludes(trial)
      ->excludes(configuration);
  command->add_option("--data", options->request.data, "where the data are now (default: where they were)")
      ->type_name("FILE");
  add_run_options(*command, options->run, "none, it has to be said");
  command->get_option("--out")->required();
  command->add_flag("--expect-identical", options->expect_identical, "answer 4 unless every number is the same bits");
  command->callback([options, &exit_code] { exit_code = rerun(*options); });
}

}  // namespace fairsweep::apps
