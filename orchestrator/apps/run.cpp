#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_run(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
