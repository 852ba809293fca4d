#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairsweep {

/// "1 person", "2 people": a count with its noun, for messages and reports.
[[nodiscard]] inline std::string counted(std::int64_t count, std::string_view one, std::string_view several) {
  return std::to_string(count).append(" ").append(count == 1 ? one : several);
}

}  // namespace fairsweep
