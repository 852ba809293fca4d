#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/run_record.hpp"

namespace fairsweep::apps {

void add_rebuild(CLI::App& app, ExitCode&) {
  struct Options {
    std::string run;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("rebuild", "Make results.h5 of a run again from its events.log");
  command->add_option("RUN", options->run, "a run directory")->required();
  command->add_flag("--json", options->json, "for programs");
  command->callback([options] {
    const RunDirectory run{options->run};
    rebuild_results(run);
    if (options->json) {
      std::cout << nlohmann::json{{"results", run.results().string()}}.dump(2) << '\n';
    } else {
      std::cout << run.results().string() << " is written\n";
    }
  });
}

}  // namespace fairsweep::apps
