#pragma once

#include <filesystem>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

/// Refuses what is no file that could be read: nothing of that name, a folder, a device.
/// @throws UserError with `code` that names the file and says which.
void require_input_file(const std::filesystem::path& file, ExitCode code = ExitCode::file);

}  // namespace fairsweep
