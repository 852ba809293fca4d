#pragma once

#include <filesystem>
#include <string>

namespace fairsweep {

/// SHA-256 of the file's bytes, 64 hexadecimal digits. For files that were just read. O(size), a block at a time.
[[nodiscard]] std::string digest_of_file(const std::filesystem::path& file);

}  // namespace fairsweep
