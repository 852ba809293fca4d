#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fairsweep::hdf5 {

/// The plain types that datasets may have in our files. Text has its own functions.
enum class Element { float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64 };

[[nodiscard]] std::string_view to_text(Element element);

[[nodiscard]] constexpr std::uint64_t bytes_of(Element element) {
  switch (element) {
    case Element::int8:
    case Element::uint8:
      return 1;
    case Element::int16:
    case Element::uint16:
      return 2;
    case Element::float32:
    case Element::int32:
    case Element::uint32:
      return 4;
    case Element::float64:
    case Element::int64:
    case Element::uint64:
      return 8;
  }
  return 8;
}

/// Types that are written and read whole.
template <typename T>
concept Number = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> ||
                 std::same_as<T, std::int64_t> || std::same_as<T, std::uint8_t> || std::same_as<T, std::uint32_t> ||
                 std::same_as<T, std::uint64_t>;

template <Number T>
[[nodiscard]] constexpr Element element_of() {
  if constexpr (std::same_as<T, float>) {
    return Element::float32;
  } else if constexpr (std::same_as<T, double>) {
    return Element::float64;
  } else if constexpr (std::same_as<T, std::int32_t>) {
    return Element::int32;
  } else if constexpr (std::same_as<T, std::int64_t>) {
    return Element::int64;
  } else if constexpr (std::same_as<T, std::uint8_t>) {
    return Element::uint8;
  } else if constexpr (std::same_as<T, std::uint32_t>) {
    return Element::uint32;
  } else {
    return Element::uint64;
  }
}

}  // namespace fairsweep::hdf5
