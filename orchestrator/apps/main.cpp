#include <spdlog/spdlog.h>

#include <exception>
#include <iostream>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "orchestrator/apps/command_line.hpp"
#include "orchestrator/apps/commands.hpp"

namespace {

int answer(fairsweep::ExitCode code) { return static_cast<int>(code); }

}  // namespace

int main(int argc, char** argv) {
  using fairsweep::ExitCode;
  spdlog::set_default_logger(fairsweep::make_logger("fairsweep"));  // the library's own writes to stdout
  ExitCode exit_code = ExitCode::done;
  CLI::App app{"fairsweep: the Pareto front of reward quality per group", "fairsweep"};
  app.require_subcommand(1);
  app.set_version_flag("--version", FAIRSWEEP_VERSION);
  namespace apps = fairsweep::apps;
  apps::add_run(app, exit_code);
  apps::add_submit(app, exit_code);
  apps::add_supervise(app, exit_code);
  apps::add_check(app, exit_code);
  apps::add_status(app, exit_code);
  apps::add_front(app, exit_code);
  apps::add_fairness(app, exit_code);
  apps::add_few_shot(app, exit_code);
  apps::add_show(app, exit_code);
  apps::add_report(app, exit_code);
  apps::add_compare(app, exit_code);
  apps::add_export(app, exit_code);
  apps::add_confirm(app, exit_code);
  apps::add_rerun(app, exit_code);
  apps::add_replay(app, exit_code);
  apps::add_merge(app, exit_code);
  apps::add_rebuild(app, exit_code);
  apps::add_import(app, exit_code);
  apps::add_generate(app, exit_code);
  apps::add_describe(app, exit_code);
  apps::add_indicators(app, exit_code);
  apps::add_launch_trainer(app, exit_code);
  try {
    apps::refuse_unknown_command(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)  // help was asked for, or the version
      return app.exit(error);
    std::cerr << "fairsweep: " << apps::mistake_of_command_line(app, error) << '\n';
    return answer(ExitCode::configuration);
  } catch (const fairsweep::UserError& error) {
    std::cerr << "fairsweep: " << error.what() << '\n';
    return answer(error.code());
  } catch (const std::exception& error) {
    std::cerr << "fairsweep: internal error: " << error.what() << '\n';
    return answer(ExitCode::internal);
  }
  return answer(exit_code);
}
