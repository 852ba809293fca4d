#include "core/config/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "core/domain/value.hpp"

namespace fairsweep {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

/// Optional minus, then digits without a leading zero.
bool is_whole(std::string_view text) {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return !text.empty() && count_digits(text) == text.size() && (text.size() == 1 || text[0] != '0');
}

/// Optional minus; digits with a point among, before or after them; optional exponent.
bool is_decimal(std::string_view text) {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  const std::size_t before = count_digits(text);
  if (before > 1 && text[0] == '0')
    return false;
  text.remove_prefix(before);
  std::size_t after = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    after = count_digits(text);
    text.remove_prefix(after);
  }
  if (before + after == 0)
    return false;
  if (text.empty())
    return true;
  if (text[0] != 'e' && text[0] != 'E')
    return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+'))
    text.remove_prefix(1);
  return !text.empty() && count_digits(text) == text.size();
}

template <typename T>
Reading<T> converted(std::string_view text) {
  T value{};
  const auto answer = std::from_chars(text.data(), text.data() + text.size(), value);
  if (answer.ec != std::errc{})
    return {.beyond = true};
  if (value == 0)
    value = 0;  // -0.0 is written and compared as 0.0
  return {.value = value};
}

/// The number behind 0x, 0o or 0b.
std::optional<std::int64_t> other_base(std::string_view text) {
  if (text.size() < 3 || text[0] != '0')
    return std::nullopt;
  const int base = text[1] == 'x' ? 16 : text[1] == 'o' ? 8 : text[1] == 'b' ? 2 : 0;
  if (base == 0)
    return std::nullopt;
  std::int64_t value = 0;
  const auto answer = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  if (answer.ec != std::errc{} || answer.ptr != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// What a text that is no number was meant to be.
std::string number_hint(std::string_view written) {
  std::string text = lower(written);
  if (text == ".nan" || text == "nan" || text.ends_with(".inf") || text.ends_with("inf"))
    return "it must be finite";
  std::string sign;
  if (text.starts_with('-') || text.starts_with('+')) {
    if (text[0] == '-')
      sign = "-";
    text.erase(0, 1);
  }
  if (const auto value = other_base(text))
    return "write it in decimal: " + sign + std::to_string(*value);
  std::string bare = text;
  std::erase_if(bare, [](char c) { return c == '_' || c == '\''; });
  const bool separated = bare.size() < text.size();
  std::size_t zeros = std::min(bare.find_first_not_of('0'), bare.size());
  if (zeros > 0 && (zeros == bare.size() || !is_digit(bare[zeros]))) {
    --zeros;  // one belongs to 0 and 0.5
  }
  bare.erase(0, zeros);
  if (bare.starts_with('-') || !is_decimal(bare))
    return {};
  if (zeros > 0)
    return "some readers take a leading 0 for octal; write " + sign + bare;
  if (separated)
    return "write it without separators: " + sign + bare;
  return "write " + sign + bare;
}

}  // namespace

Reading<std::int64_t> read_integer(std::string_view text) {
  if (is_whole(text))
    return converted<std::int64_t>(text);
  if (is_decimal(text)) {
    const auto real = converted<double>(text).value;
    constexpr double k_exact = 9007199254740992;
    if (real && std::floor(*real) == *real && std::fabs(*real) <= k_exact) {
      return {.hint = "write " + std::to_string(static_cast<std::int64_t>(*real))};
    }
    return {};
  }
  return {.hint = number_hint(text)};
}

Reading<double> read_real(std::string_view text) {
  if (is_decimal(text))
    return converted<double>(text);
  return {.hint = number_hint(text)};
}

Reading<bool> read_boolean(std::string_view text) {
  if (text == "true")
    return {.value = true};
  if (text == "false")
    return {.value = false};
  constexpr std::array<std::string_view, 6> k_yes = {"true", "yes", "on", "y", "1", "t"};
  constexpr std::array<std::string_view, 6> k_no = {"false", "no", "off", "n", "0", "f"};
  const std::string low = lower(text);
  if (std::find(k_yes.begin(), k_yes.end(), low) != k_yes.end())
    return {.hint = "write true"};
  if (std::find(k_no.begin(), k_no.end(), low) != k_no.end())
    return {.hint = "write false"};
  return {};
}

}  // namespace fairsweep
