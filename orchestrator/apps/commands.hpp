#pragma once

#include <CLI/CLI.hpp>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {

// One file a command. Each registers a subcommand whose callback does the work, prints human text (or JSON where
// --json was given) on stdout, and sets `exit_code` where the answer is not "done". What the user can mend is thrown
// as UserError; main() prints it and answers its code.
void add_check(CLI::App& app, ExitCode& exit_code);
void add_compare(CLI::App& app, ExitCode& exit_code);
void add_confirm(CLI::App& app, ExitCode& exit_code);
void add_describe(CLI::App& app, ExitCode& exit_code);
void add_export(CLI::App& app, ExitCode& exit_code);
void add_fairness(CLI::App& app, ExitCode& exit_code);
void add_few_shot(CLI::App& app, ExitCode& exit_code);
void add_front(CLI::App& app, ExitCode& exit_code);
void add_generate(CLI::App& app, ExitCode& exit_code);
void add_import(CLI::App& app, ExitCode& exit_code);
void add_indicators(CLI::App& app, ExitCode& exit_code);
void add_launch_trainer(CLI::App& app, ExitCode& exit_code);
void add_merge(CLI::App& app, ExitCode& exit_code);
void add_rebuild(CLI::App& app, ExitCode& exit_code);
void add_replay(CLI::App& app, ExitCode& exit_code);
void add_report(CLI::App& app, ExitCode& exit_code);
void add_rerun(CLI::App& app, ExitCode& exit_code);
void add_run(CLI::App& app, ExitCode& exit_code);
void add_show(CLI::App& app, ExitCode& exit_code);
void add_status(CLI::App& app, ExitCode& exit_code);
void add_submit(CLI::App& app, ExitCode& exit_code);
void add_supervise(CLI::App& app, ExitCode& exit_code);

}  // namespace fairsweep::apps
