#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairsweep {

/// What stands for bytes that are no UTF-8.
inline constexpr std::uint32_t k_no_character = 0xFFFD;

/// The characters (Unicode code points) of a text. Each byte that is no part of well-formed UTF-8 becomes one
/// k_no_character, so every byte string has characters. Replaces `characters`. O(length).
void decode(std::string_view text, std::vector<std::uint32_t>& characters);

/// Lower case of letters whose two cases lie in the plain way: Latin (ASCII, Latin-1, Extended-A), Greek, Cyrillic and
/// Armenian; any other character is returned as it is. Fixed here, so that it does not change with a library.
[[nodiscard]] std::uint32_t lower_case(std::uint32_t character);

[[nodiscard]] bool is_upper_case(std::uint32_t character);
[[nodiscard]] bool is_digit(std::uint32_t character);
/// White space, line breaks and controls.
[[nodiscard]] bool is_white(std::uint32_t character);
[[nodiscard]] bool is_apostrophe(std::uint32_t character);
/// A letter, a digit, or any other character beyond ASCII that is neither white space nor punctuation: what words are
/// made of.
[[nodiscard]] bool is_word_character(std::uint32_t character);

}  // namespace fairsweep
