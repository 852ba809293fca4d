#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fairsweep::apps {

/// Names a command that there is not, and the command that was meant: CLI11 says only that one is required. Follows the
/// words down to the first that is an option or a command without commands of its own.
/// @throws UserError (configuration)
void refuse_unknown_command(const CLI::App& app, int argc, const char* const* argv);

/// What is wrong with a command line, in one sentence, and which help lists what may be said. CLI11 gives words that
/// nobody asked for in an order of its own.
/// @param error  of app.parse()
[[nodiscard]] std::string mistake_of_command_line(const CLI::App& app, const CLI::ParseError& error);

/// For options of 64 bits without a sign, as which CLI11 reads "-1", too.
[[nodiscard]] CLI::Validator from_zero();

}  // namespace fairsweep::apps
