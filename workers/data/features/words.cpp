#include "workers/data/features/words.hpp"

#include "workers/data/features/characters.hpp"

namespace fairsweep {

namespace {

constexpr std::uint64_t k_fnv_basis = 0xCBF29CE484222325;
constexpr std::uint64_t k_fnv_prime = 0x100000001B3;

}  // namespace

void find_words(std::span<const std::uint32_t> text, Words& words) {
  words.characters.clear();
  words.offset.assign(1, 0);
  const auto word_at = [&](std::size_t at) { return at < text.size() && is_word_character(text[at]); };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool inside = words.characters.size() > words.offset.back();
    if (word_at(at)) {
      words.characters.push_back(lower_case(text[at]));
    } else if (inside && is_apostrophe(text[at]) && word_at(at + 1)) {
      words.characters.push_back('\'');
    } else if (inside) {
      words.offset.push_back(words.characters.size());
    }
  }
  if (words.characters.size() > words.offset.back()) {
    words.offset.push_back(words.characters.size());
  }
}

// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31U);
}

std::uint64_t hash_of(std::span<const std::uint32_t> characters) {
  std::uint64_t hash = k_fnv_basis;
  for (const std::uint32_t character : characters) {
    hash = (hash ^ character) * k_fnv_prime;
  }
  return mixed(hash);
}

std::uint64_t hash_of(std::string_view ascii) {
  std::uint64_t hash = k_fnv_basis;
  for (const char character : ascii) {
    hash = (hash ^ static_cast<unsigned char>(character)) * k_fnv_prime;
  }
  return mixed(hash);
}

}  // namespace fairsweep
