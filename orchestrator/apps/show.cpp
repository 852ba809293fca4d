#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_show(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
