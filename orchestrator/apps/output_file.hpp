#pragma once

#include <filesystem>

namespace fairsweep::apps {

/// Makes the folder of a file that a command is about to work for, so that a wrong path is found before the work.
/// @throws UserError (environment) where the folder cannot be made or written to, or `file` is a folder itself
void prepare_output(const std::filesystem::path& file);

}  // namespace fairsweep::apps
