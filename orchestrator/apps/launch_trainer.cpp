#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/apps/commands.hpp"
#include "workers/agent/trainer_launcher.hpp"

namespace fairsweep::apps {

void add_launch_trainer(CLI::App& app, ExitCode& exit_code) {
  struct Options {
    std::int64_t parent = 0;
    std::int64_t threads = 1;
    std::optional<std::string> devices;
    std::vector<int> cores;
    std::vector<std::string> command;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("launch-trainer", "What an agent starts its trainer through");
  command->group("");  // not for people
  command->add_option("--parent", options->parent)->required();
  command->add_option("--threads", options->threads)->required();
  command->add_option("--devices", options->devices);
  command->add_option("--cores", options->cores)->delimiter(',')->allow_extra_args(false);  // "--" is not its end
  command->add_option("command", options->command)->required();
  command->callback([options, &exit_code] {
    exit_code = static_cast<ExitCode>(
        run_trainer_launcher(options->parent, options->threads, options->devices, options->cores, options->command));
  });
}

}  // namespace fairsweep::apps
