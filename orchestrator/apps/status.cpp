#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/run_status.hpp"
#include "orchestrator/apps/status_report.hpp"

namespace fairsweep::apps {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

void add_status(CLI::App& app, ExitCode&) {
  struct Options {
    std::string run;
    bool json = false;
    bool watch = false;
    double every = 2;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("status", "How far a run is: trials, workers, time left, front so far");
  command->add_option("RUN", options->run, "a run directory")->required();
  CLI::Option* json = command->add_flag("--json", options->json, "for programs");
  CLI::Option* watch = command
                           ->add_flag("--watch", options->watch,
                                      "say it again and again until the run ends, with the curve of the hypervolume")
                           ->excludes(json);
  command->add_option("--every", options->every, "seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->needs(watch);
  command->callback([options] {
    const RunDirectory run{options->run};
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    bool first = true;
    while (true) {
      const double time = now();
      const RunStatus status = read_status(run, time);
      if (options->json) {
        std::cout << status_json(run, status, time).dump(2) << '\n' << std::flush;
      } else if (!options->watch) {
        std::cout << status_text(run, status, time, StatusDetail::look) << std::flush;
      } else {  // a terminal is written over, a file or a pipe goes on
        std::cout << (terminal                      ? "\033[H\033[2J"
                      : std::exchange(first, false) ? ""
                                                    : "\n")
                  << status_text(run, status, time, StatusDetail::watch) << std::flush;
      }
      if (!options->watch || status.state == "complete" || status.state == "stopped") {
        return;
      }
      std::this_thread::sleep_for(std::chrono::duration<double>(options->every));
    }
  });
}

}  // namespace fairsweep::apps
