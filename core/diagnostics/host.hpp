#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairsweep {

/// The name of this machine; "localhost" where it has none.
[[nodiscard]] std::string host_name();

/// What /proc says of a process in its file "stat", from the third field on: the state, the parent, ... Empty where
/// there is no such process.
[[nodiscard]] std::vector<std::string> process_fields(std::int64_t process);

}  // namespace fairsweep
