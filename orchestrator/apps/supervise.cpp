#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/supervision.hpp"

namespace fairsweep::apps {
namespace {

struct SuperviseOptions {
  std::string run;
  bool only_watch = false;
  std::string script_host;
  SupervisionOptions supervision;
};

ExitCode act(SuperviseOptions& options) {
  options.supervision.run = RunDirectory(options.run);
  if (options.only_watch) {
    if (!options.supervision.command.empty()) {
      throw UserError(ExitCode::configuration, "--only-watch starts nothing; leave the command out");
    }
    return watch_only(options.supervision.run, options.supervision.patience_seconds, options.script_host);
  }
  if (!options.script_host.empty()) {
    throw UserError(ExitCode::configuration, "--script-host is for --only-watch");
  }
  if (options.supervision.command.empty()) {
    throw UserError(ExitCode::configuration,
                    "which command? For example: fairsweep supervise --out runs/x -- mpirun -np 5 fairsweep run x.yaml "
                    "--out runs/x");
  }
  return supervise(options.supervision);
}

}  // namespace

void add_supervise(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<SuperviseOptions>();
  SupervisionOptions& all = options->supervision;
  CLI::App* command = app.add_subcommand(
      "supervise", "Start a run with mpirun, pass signals on, and start it again where its coordinator is lost");
  command->add_option("--out", options->run, "the run directory")->type_name("DIR")->required();
  command->add_option("--patience", all.patience_seconds, "a coordinator silent for so many seconds is lost (60)")
      ->check(CLI::Range(1.0, 86400.0));
  command->add_option("--start-patience", all.start_seconds, "the same before it begins, when it reads data (600)")
      ->check(CLI::Range(1.0, 86400.0));
  command->add_option("--least", all.least_seconds, "start again only if the job goes on for so many seconds (300)")
      ->check(CLI::Range(0.0, 86400.0));
  command->add_option("--restarts", all.restarts, "in a row without a newly reported trial (3)")
      ->check(CLI::Range(0, 1000));
  command->add_option("--stalled-jobs", all.stalled_jobs, "jobs in a row that may report nothing new (10)")
      ->check(CLI::Range(1, 1000));
  command->add_option("--agents-per-node", all.agents_per_node, "what {hosts} and {ranks} in the command count (1)")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--coordinator-alone", all.coordinator_alone, "the first host has no agents");
  command->add_flag("--only-watch", options->only_watch, "start nothing; answer 75 when the run stands still");
  command->add_option("--script-host", options->script_host, "with --only-watch: 75 also when the job loses this host")
      ->type_name("HOST");
  command->add_option("command", all.command, "after --: mpirun, its options, and fairsweep run")
      ->type_name("COMMAND...");
  command->callback([options, &exit_code] { exit_code = act(*options); });
}

}  // namespace fairsweep::apps
