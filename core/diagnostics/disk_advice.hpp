#pragma once

#include <string>

namespace fairsweep {

/// What a person can do about the system's refusal to open, write or sync a file, to stand behind a semicolon: "make
/// room on the disk". Never empty.
/// @param reason  errno
[[nodiscard]] std::string disk_advice(int reason);

}  // namespace fairsweep
