#include <spdlog/spdlog.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "orchestrator/apps/commands.hpp"

namespace {

int answer(fairsweep::ExitCode code) { return static_cast<int>(code); }

/// CLI11 says of a misspelt command only that one is required; this names the word and the command that was meant.
/// Follows the words down to the first that is an option or a command without commands of its own.
void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* level = &app;
  for (int word = 1; word < argc && argv[word][0] != '-'; ++word) {
    std::vector<std::string> names;
    const CLI::App* chosen = nullptr;
    for (const CLI::App* command : level->get_subcommands({})) {
      names.push_back(command->get_name());
      if (command->get_name() == argv[word])
        chosen = command;
    }
    if (names.empty())
      return;
    if (chosen == nullptr) {
      const std::string hint = fairsweep::did_you_mean(argv[word], names);
      throw fairsweep::UserError(fairsweep::ExitCode::configuration,
                                 "unknown command \"" + std::string(argv[word]) + "\"" +
                                     (hint.empty() ? "; fairsweep --help lists them all" : hint));
    }
    level = chosen;
  }
}

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
  apps::add_show(app, exit_code);
  apps::add_compare(app, exit_code);
  apps::add_merge(app, exit_code);
  apps::add_rebuild(app, exit_code);
  apps::add_import(app, exit_code);
  apps::add_generate(app, exit_code);
  apps::add_describe(app, exit_code);
  apps::add_indicators(app, exit_code);
  apps::add_launch_trainer(app, exit_code);
  try {
    refuse_unknown_command(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? answer(ExitCode::done) : answer(ExitCode::configuration);
  } catch (const fairsweep::UserError& error) {
    std::cerr << "fairsweep: " << error.what() << '\n';
    return answer(error.code());
  } catch (const std::exception& error) {
    std::cerr << "fairsweep: internal error: " << error.what() << '\n';
    return answer(ExitCode::internal);
  }
  return answer(exit_code);
}
