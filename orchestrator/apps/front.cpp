#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_front(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
