#pragma once

#include <filesystem>
#include <string>

namespace fairsweep::exports {

/// SHA-256 of a file's bytes, 64 hexadecimal digits. @throws UserError (file) where it cannot be read.
[[nodiscard]] std::string file_digest(const std::filesystem::path& file);

}  // namespace fairsweep::exports
