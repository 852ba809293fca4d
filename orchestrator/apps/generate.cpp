#include "orchestrator/apps/commands.hpp"

namespace fairsweep::apps {

void add_generate(CLI::App&, ExitCode&) {}

}  // namespace fairsweep::apps
