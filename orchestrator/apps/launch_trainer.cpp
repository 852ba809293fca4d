#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_launch_trainer(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
