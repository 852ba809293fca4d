#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_indicators(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
