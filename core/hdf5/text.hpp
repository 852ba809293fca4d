#pragma once

#include <string_view>

namespace fairsweep::hdf5 {

/// Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF) without a NUL: what our files
/// can hold as text. O(length).
[[nodiscard]] bool is_storable_text(std::string_view text);

}  // namespace fairsweep::hdf5
