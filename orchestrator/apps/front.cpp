#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/front_report.hpp"

namespace fairsweep::apps {

void add_front(CLI::App& app, ExitCode&) {
  struct Options {
    std::string run;
    bool json = false;
    bool all = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("front", "The front of a run: metrics per group with standard errors, settings, plot");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  command->add_flag("--all", options->all, "every configuration, not only the front");
  command->add_flag("--json", options->json, "for programs");
  command->callback([options] {
    const report::RunSummary run = load_run(options->run);
    const report::Shown shown = options->all ? report::Shown::every_configuration : report::Shown::front;
    if (options->json) {
      std::cout << report::front_json(run, shown).dump(2) << '\n';
    } else {
      std::cout << report::front_text(run, shown);
    }
  });
}

}  // namespace fairsweep::apps
