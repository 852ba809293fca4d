#include "results/export/latex_text.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

#include "results/report/display_text.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::exports {
namespace {

constexpr std::uint32_t k_last_latin = 0x17F;  // end of Latin Extended-A

std::string escaped(char letter) {
  switch (letter) {
    case '\\':
      return "\\textbackslash{}";
    case '~':
      return "\\textasciitilde{}";
    case '^':
      return "\\textasciicircum{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "{''}";
    case '[':
    case ']':
      return std::string("{") + letter + "}";  // not taken for an option of the row's end
    case '&':
    case '%':
    case '$':
    case '#':
    case '_':
    case '{':
    case '}':
      return std::string("\\") + letter;
    default:
      return {letter};
  }
}

/// The code point of a sequence of well-formed UTF-8 that begins at `at`, which moves behind it.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  std::uint32_t point = lead < 0xE0U ? lead & 0x1FU : lead < 0xF0U ? lead & 0x0FU : lead & 0x07U;
  for (; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; ++at)
    point = (point << 6U) | (static_cast<unsigned char>(text[at]) & 0x3FU);
  return point;
}

/// "1.5e-05" as "1.5 \times 10^{-5}"; anything else as it is.
std::string with_power(const std::string& number) {
  const std::size_t place = number.find('e');
  if (place == std::string::npos)
    return number;
  return fmt::format("{} \\times 10^{{{}}}", number.substr(0, place), std::stoi(number.substr(place + 1)));
}

}  // namespace

std::string latex_text(std::string_view text) {
  const std::string plain = report::printable(text);
  std::string latex;
  for (std::size_t at = 0; at < plain.size();) {
    if (static_cast<unsigned char>(plain[at]) < 0x80U) {
      latex += escaped(plain[at++]);
      if (plain[at - 1] == '-' && at < plain.size() && plain[at] == '-')
        latex += "{}";  // or two of them would print as one dash
      continue;
    }
    const std::size_t begin = at;
    const std::uint32_t point = next_code_point(plain, at);
    latex += point > 0xA0U && point <= k_last_latin ? plain.substr(begin, at - begin)
                                                    : fmt::format("{{[}}U+{:04X}{{]}}", point);
  }
  return latex;
}

std::string latex_number(double value, int significant) {
  const std::string number = report::number_text(value, significant);
  if (number == "-")
    return "--";
  if (number == "inf" || number == "-inf")
    return number == "inf" ? "$\\infty$" : "$-\\infty$";
  return "$" + with_power(number) + "$";
}

std::string latex_estimate(const Estimate& estimate) {
  const std::string text = report::estimate_text(estimate);
  if (text == "-")
    return "--";
  const std::string sign = " \xC2\xB1 ";
  const std::size_t place = text.find(sign);
  if (place == std::string::npos)
    return "$" + with_power(text) + "$";
  return "$" + with_power(text.substr(0, place)) + " \\pm " + with_power(text.substr(place + sign.size())) + "$";
}

}  // namespace fairsweep::exports
