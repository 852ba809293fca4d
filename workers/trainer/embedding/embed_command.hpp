#pragma once

#include <functional>
#include <memory>

#include "core/diagnostics/errors.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace fairsweep {

/// Adds the subcommand "embed" and its options.
/// @return what runs it once the command line was parsed, where the user asked for it; false where he did not
[[nodiscard]] std::function<bool()> add_embed_command(CLI::App& app);

}  // namespace fairsweep
