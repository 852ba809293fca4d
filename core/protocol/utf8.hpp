#pragma once

#include <string>
#include <string_view>

namespace fairsweep {

/// Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7). Cost: O(length), eight ASCII bytes at a time.
[[nodiscard]] bool is_utf8(std::string_view text);

/// The text with every byte that is no part of a well-formed sequence replaced by U+FFFD. Messages are text, and what
/// a trainer writes on its stderr may be anything: pass it through here before it becomes part of a message.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

}  // namespace fairsweep
