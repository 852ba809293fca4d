#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fairsweep {

/// One character of UTF-8 text.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

/// The character that starts at `position` < text.size(); nothing where the bytes are no UTF-8 (overlong forms,
/// surrogates and numbers beyond U+10FFFF included).
[[nodiscard]] std::optional<Character> character_at(std::string_view text, std::size_t position);

/// C0 and C1 controls and delete, but not tab and line feed.
[[nodiscard]] bool is_control(std::uint32_t code);

}  // namespace fairsweep
