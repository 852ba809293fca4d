#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_compare(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
