#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// The words of a text: runs of word characters, in lower case, with apostrophes between word characters as "'"
/// ("don't"). Writing without spaces makes long words, of which character n-grams still see the parts.
struct Words {
  std::vector<std::uint32_t> characters;  ///< of all words, one after the other
  std::vector<std::size_t> offset{0};     ///< [words + 1] into `characters`

  [[nodiscard]] std::size_t count() const { return offset.size() - 1; }
  [[nodiscard]] std::span<const std::uint32_t> word(std::size_t index) const {
    return std::span(characters).subspan(offset[index], offset[index + 1] - offset[index]);
  }
};

/// Of the characters of a text (decode()). Replaces `words`. O(length).
void find_words(std::span<const std::uint32_t> text, Words& words);

/// 64 bits of a word or any other run of characters; equal runs have equal hashes on every machine. FNV-1a over code
/// points, which are mixed at the end.
[[nodiscard]] std::uint64_t hash_of(std::span<const std::uint32_t> characters);
/// The same of ASCII text, in lower case already.
[[nodiscard]] std::uint64_t hash_of(std::string_view ascii);

/// Spreads the bits of a 64-bit number over all of it; one to one.
[[nodiscard]] std::uint64_t mixed(std::uint64_t bits);

}  // namespace fairsweep
