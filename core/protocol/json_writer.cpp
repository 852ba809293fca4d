#include "core/protocol/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>  // for isnan, isinf

#include "core/protocol/utf8.hpp"

namespace fairsweep {

namespace {

template <typename Number>
std::string_view decimal(std::array<char, 32>& buffer, Number value) {
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data())};
}

bool needs_escape(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) {
    text_ += ',';
  }
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  text_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  text_ += bracket;
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += ':';
  first_ = true;  // the value follows without a comma
}

void JsonWriter::boolean(bool value) {
  separate();
  text_ += value ? "true" : "false";
}

void JsonWriter::integer(std::int64_t value) {
  separate();
  std::array<char, 32> buffer;
  text_ += decimal(buffer, value);
}

void JsonWriter::unsigned_integer(std::uint64_t value) {
  separate();
  std::array<char, 32> buffer;
  text_ += decimal(buffer, value);
}

void JsonWriter::real(double value) {
  separate();
  if (std::isnan(value)) {
    text_ += "null";
  } else if (std::isinf(value)) {
    text_ += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    std::array<char, 32> buffer;
    const std::string_view digits = decimal(buffer, value);
    text_ += digits;
    if (digits.find_first_of(".e") == std::string_view::npos) {
      text_ += ".0";  // a real stays a real
    }
  }
}

void JsonWriter::text(std::string_view value) {
  separate();
  quote(value);
}

void JsonWriter::quote(std::string_view value) {
  if (!is_utf8(value)) {
    quote(to_utf8(value));
    return;
  }
  text_ += '"';
  std::size_t plain = 0;  // start of what is still to be copied as it is
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (!needs_escape(value[at])) {
      continue;
    }
    text_ += value.substr(plain, at - plain);
    plain = at + 1;
    switch (value[at]) {
      case '"':
        text_ += "\\\"";
        break;
      case '\\':
        text_ += "\\\\";
        break;
      case '\n':
        text_ += "\\n";
        break;
      case '\r':
        text_ += "\\r";
        break;
      case '\t':
        text_ += "\\t";
        break;
      default: {
        constexpr std::string_view k_digits = "0123456789abcdef";
        const auto code = static_cast<unsigned char>(value[at]);
        text_ += "\\u00";
        text_ += k_digits[code >> 4U];
        text_ += k_digits[code & 15U];
      }
    }
  }
  text_ += value.substr(plain);
  text_ += '"';
}

}  // namespace fairsweep
