#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairsweep {

/// How a written number was understood.
template <typename T>
struct Reading {
  std::optional<T> value{};
  bool beyond = false;  ///< a number, but none that T holds
  std::string hint{};   ///< no number: what to write instead, where that is known
};

/// Decimal whole numbers only: octal (010), hexadecimal, separators and "10.0" are refused with a hint, because YAML
/// readers disagree about them.
[[nodiscard]] Reading<std::int64_t> read_integer(std::string_view text);

/// Decimal numbers, with or without point and exponent. Finite.
[[nodiscard]] Reading<double> read_real(std::string_view text);

/// "true" and "false" only; yes, no, on, off and other spellings get a hint.
[[nodiscard]] Reading<bool> read_boolean(std::string_view text);

}  // namespace fairsweep
