#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_check(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
