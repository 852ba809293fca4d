#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_status(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
