#pragma once

#include <cstdint>

namespace fairsweep::generator_streams {

// Keys that separate the random streams of a generator, in the place of a configuration's number.
inline constexpr std::uint32_t k_items = 0;   ///< of single users and contexts
inline constexpr std::uint32_t k_shared = 1;  ///< of what they share
inline constexpr std::uint32_t k_tastes = 2;  ///< of what a person has for himself
inline constexpr std::uint32_t k_links = 3;   ///< of whom a person is linked to

}  // namespace fairsweep::generator_streams
