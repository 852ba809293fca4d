#include "core/hdf5/text.hpp"

#include <cstddef>

namespace fairsweep::hdf5 {

bool is_storable_text(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t ahead) -> unsigned {
      return at + ahead < text.size() ? static_cast<unsigned char>(text[at + ahead]) : 0U;
    };
    const auto continues = [&](std::size_t ahead) { return (byte(ahead) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first >= 0x01 && first <= 0x7F) {
      at += 1;
    } else if (first >= 0xC2 && first <= 0xDF && continues(1)) {
      at += 2;
    } else if (first >= 0xE0 && first <= 0xEF && continues(1) && continues(2) && !(first == 0xE0 && byte(1) < 0xA0) &&
               !(first == 0xED && byte(1) > 0x9F)) {
      at += 3;
    } else if (first >= 0xF0 && first <= 0xF4 && continues(1) && continues(2) && continues(3) &&
               !(first == 0xF0 && byte(1) < 0x90) && !(first == 0xF4 && byte(1) > 0x8F)) {
      at += 4;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace fairsweep::hdf5
