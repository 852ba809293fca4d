#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_import(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
