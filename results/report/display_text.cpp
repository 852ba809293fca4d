#include "results/report/display_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace fairsweep::report {
namespace {

constexpr std::string_view k_unknown = "\xEF\xBF\xBD";

struct Decoded {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

/// The character `text` begins with; nothing where that is no well-formed UTF-8 (RFC 3629).
std::optional<Decoded> decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  if (first < 0x80)
    return Decoded{first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes)
    return std::nullopt;
  std::uint32_t code = first & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80)
      return std::nullopt;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
    return std::nullopt;
  return Decoded{code, bytes};
}

struct Range {
  std::uint32_t first, last;
};

template <std::size_t N>
bool is_in(std::uint32_t code, const std::array<Range, N>& ranges) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last)
      return true;
  }
  return false;
}

// The blocks that matter in names; a terminal may differ in the rest by a column.
constexpr std::array<Range, 7> k_no_width = {{{0x300, 0x36F},
                                              {0x483, 0x489},
                                              {0x591, 0x5BD},
                                              {0x200B, 0x200D},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 9> k_two_wide = {{{0x1100, 0x115F},
                                              {0x2E80, 0x303E},
                                              {0x3041, 0xA4CF},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0x1F300, 0x1FAFF},
                                              {0x20000, 0x3FFFD}}};
// Characters that act on a terminal: C0, DEL, C1, line and paragraph ends, marks that turn the direction of writing.
constexpr std::array<Range, 5> k_acting = {
    {{0, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}}};

}  // namespace

std::string printable(std::string_view text) {
  // Nearly all texts are plain ASCII, and exports of large runs ask for millions.
  if (std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter <= '~'; }))
    return std::string(text);
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = decode(text.substr(i));
    const std::size_t bytes = character ? character->bytes : 1;
    if (!character || is_in(character->code, k_acting)) {
      result += k_unknown;
    } else {
      result += text.substr(i, bytes);
    }
    i += bytes;
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = decode(text.substr(i));
    const std::uint32_t code = character ? character->code : 0xFFFD;
    width += is_in(code, k_no_width) ? 0 : is_in(code, k_two_wide) ? 2 : 1;
    i += character ? character->bytes : 1;
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  const std::size_t taken = display_width(text);
  const std::string space(width > taken ? width - taken : 0, ' ');
  return align == Align::left ? std::string(text) + space : space + std::string(text);
}

std::string wrapped(std::string_view text, std::size_t width) {
  std::string result;
  std::size_t taken = 0;  // columns of the line so far
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\n' || text[at] == ' ') {
      result += text[at] == '\n' ? "\n" : "";
      taken = text[at] == '\n' ? 0 : taken;
      ++at;
      continue;
    }
    const std::string_view word = text.substr(at, std::min(text.find_first_of(" \n", at), text.size()) - at);
    const std::size_t columns = display_width(word);
    if (taken > 0) {
      const bool fits = taken + 1 + columns <= width;
      result += fits ? ' ' : '\n';
      taken = fits ? taken + 1 : 0;
    }
    result += word;
    taken += columns;
    at += word.size();
  }
  return result;
}

}  // namespace fairsweep::report
