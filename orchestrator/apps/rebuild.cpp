#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_rebuild(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
