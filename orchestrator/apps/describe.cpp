#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_describe(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
