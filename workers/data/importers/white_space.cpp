#include "workers/data/importers/white_space.hpp"

namespace fairsweep {

std::string with_single_spaces(std::string_view text) {
  constexpr std::string_view k_ascii = " \t\n\v\f\r";
  constexpr std::string_view k_no_break = "\xC2\xA0";
  std::string result;
  result.reserve(text.size());
  bool waits = false;  // a space, for the next character
  for (std::size_t at = 0; at < text.size();) {
    const bool no_break = text.substr(at).starts_with(k_no_break);
    if (no_break || k_ascii.find(text[at]) != std::string_view::npos) {
      waits = true;
      at += no_break ? k_no_break.size() : 1;
      continue;
    }
    if (waits && !result.empty()) {
      result.push_back(' ');
    }
    waits = false;
    result.push_back(text[at++]);
  }
  return result;
}

}  // namespace fairsweep
