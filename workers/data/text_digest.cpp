#include "workers/data/text_digest.hpp"

#include <charconv>
#include <string>

#include "core/diagnostics/digest.hpp"

namespace fairsweep {

std::uint64_t text_digest(std::string_view text) {
  constexpr std::string_view k_white = " \t\n\r\v\f";
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = text.find_first_not_of(k_white); at != std::string_view::npos;) {
    const std::size_t end = text.find_first_of(k_white, at);
    plain.append(plain.empty() ? "" : " ").append(text.substr(at, end - at));
    at = end == std::string_view::npos ? end : text.find_first_not_of(k_white, end);
  }
  if (plain.empty()) {
    return 0;
  }
  Sha256 hash;
  hash.update(plain);
  const std::string hexadecimal = hash.finish();
  std::uint64_t digest = 0;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    std::uint64_t value = 0;
    std::from_chars(hexadecimal.data() + 2 * byte, hexadecimal.data() + 2 * byte + 2, value, 16);
    digest |= value << (8 * byte);
  }
  return digest == 0 ? 1 : digest;
}

}  // namespace fairsweep
