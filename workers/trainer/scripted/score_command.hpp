#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace fairsweep {

/// Adds `score`: an exported reward model over a data file. The answer runs it where it was asked for, and says whether
/// it was.
[[nodiscard]] std::function<bool()> add_score_command(CLI::App& app);

}  // namespace fairsweep
