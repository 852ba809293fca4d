#pragma once

#include <string>
#include <string_view>

namespace fairsweep {

/// The text with every run of white space (of ASCII, and no-break spaces) as one space, and none at either end.
[[nodiscard]] std::string with_single_spaces(std::string_view text);

}  // namespace fairsweep
