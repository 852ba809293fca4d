#include "workers/data/features/characters.hpp"

#include <cstddef>

namespace fairsweep {

namespace {

bool between(std::uint32_t character, std::uint32_t first, std::uint32_t last) {
  return character >= first && character <= last;
}

std::uint32_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

struct Decoded {
  std::uint32_t character = k_no_character;
  std::size_t bytes = 1;
};

// RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
Decoded decode_at(std::string_view text, std::size_t at) {
  const std::uint32_t lead = byte_at(text, at);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t more = between(lead, 0xC2, 0xDF)   ? 1
                           : between(lead, 0xE0, 0xEF) ? 2
                           : between(lead, 0xF0, 0xF4) ? 3
                                                       : 0;
  if (more == 0) {
    return {};
  }
  std::uint32_t character = lead & (0x3FU >> more);
  for (std::size_t i = 1; i <= more; ++i) {
    const std::uint32_t next = byte_at(text, at + i);
    if ((next & 0xC0U) != 0x80U) {
      return {};
    }
    character = (character << 6U) | (next & 0x3FU);
  }
  const bool overlong = (more == 2 && character < 0x800) || (more == 3 && character < 0x10000);
  const bool outside = between(character, 0xD800, 0xDFFF) || character > 0x10FFFF;
  return overlong || outside ? Decoded{} : Decoded{character, more + 1};
}

}  // namespace

void decode(std::string_view text, std::vector<std::uint32_t>& characters) {
  characters.clear();
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_at(text, at);
    characters.push_back(decoded.character);
    at += decoded.bytes;
  }
}

std::uint32_t lower_case(std::uint32_t c) {
  if (between(c, 'A', 'Z')) {
    return c + 32;
  }
  if (c < 0xC0) {
    return c;
  }
  if ((between(c, 0xC0, 0xDE) && c != 0xD7) ||  // Latin-1 without the multiplication sign
      (between(c, 0x391, 0x3AB) && c != 0x3A2) || between(c, 0x410, 0x42F)) {
    return c + 32;
  }
  if (between(c, 0x400, 0x40F)) {
    return c + 80;
  }
  if (between(c, 0x531, 0x556)) {  // Armenian
    return c + 48;
  }
  // Pairs side by side: upper case even, or odd in two stretches of Latin Extended-A.
  if (between(c, 0x139, 0x148) || between(c, 0x179, 0x17E)) {
    return c % 2 == 1 ? c + 1 : c;
  }
  if ((between(c, 0x100, 0x137) && c != 0x130 && c != 0x131) || between(c, 0x14A, 0x177) || between(c, 0x460, 0x481)) {
    return c % 2 == 0 ? c + 1 : c;
  }
  return c == 0x178 ? 0xFF : c;
}

bool is_upper_case(std::uint32_t character) { return lower_case(character) != character; }

bool is_digit(std::uint32_t character) { return between(character, '0', '9'); }

bool is_white(std::uint32_t c) {
  return c <= 0x20 || between(c, 0x7F, 0xA0) || c == 0x1680 || between(c, 0x2000, 0x200F) ||
         between(c, 0x2028, 0x202F) || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool is_apostrophe(std::uint32_t character) { return character == '\'' || character == 0x2019; }

bool is_word_character(std::uint32_t c) {
  if (c < 0x80) {
    return is_digit(c) || between(lower_case(c), 'a', 'z');
  }
  const bool latin_sign = between(c, 0xA1, 0xBF) && c != 0xAA && c != 0xB5 && c != 0xBA;
  const bool sign = latin_sign || c == 0xD7 || c == 0xF7 || between(c, 0x2010, 0x2BFF) || between(c, 0x3001, 0x3003) ||
                    between(c, 0x3008, 0x3020) || between(c, 0xFE10, 0xFE6F) || between(c, 0xFF01, 0xFF0F) ||
                    between(c, 0xFF1A, 0xFF20) || between(c, 0xFF3B, 0xFF40) || between(c, 0xFF5B, 0xFF65) ||
                    c >= 0xFFF0;
  const bool beyond = between(c, 0x10000, 0x10FFFF);  // scripts and signs of the further planes count as letters
  return !is_white(c) && (!sign || beyond);
}

}  // namespace fairsweep
