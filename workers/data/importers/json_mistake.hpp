#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fairsweep {

/// Byte, from 0, at which a text stops being JSON; its length where it ends too early; nothing where it is JSON. For
/// messages: the parser that reads data is fast and does not know. Cost: one pass, memory of the deepest nesting.
[[nodiscard]] std::optional<std::size_t> first_json_mistake(std::string_view text);

}  // namespace fairsweep
