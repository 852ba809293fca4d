#pragma once

#include <array>
#include <cstdint>

namespace fairsweep {

/// Coordinates of the Sobol' sequence there are numbers for.
inline constexpr std::uint32_t k_sobol_dimensions = 64;

/// Point `index` of the plain Sobol' sequence in one dimension (from 0), as a 32-bit binary fraction: divide by 2^32.
/// Point 0 is 0. The van der Corput sequence in base 2 is dimension 0. Cost: one xor for each bit set in `index`.
/// Source: I. M. Sobol', USSR Comput. Math. Math. Phys. 7 (1967); direction numbers by S. Joe and F. Y. Kuo, SIAM J.
/// Sci. Comput. 30 (2008), set new-joe-kuo-6.21201.
[[nodiscard]] std::uint32_t sobol_fraction(std::uint32_t index, std::uint32_t dimension);

/// Owen's nested uniform scramble of a 32-bit binary fraction: bit k is flipped or not by a random bit that belongs to
/// the k bits above it, so points that share leading bits are moved together and nets stay nets. The random bits come
/// from Philox keyed by `seed`, one block a bit.
/// Source: A. B. Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences, Lecture Notes in Statistics 106 (1995).
[[nodiscard]] std::uint32_t owen_scramble(std::uint32_t fraction, std::uint32_t dimension,
                                          std::array<std::uint32_t, 2> seed);

}  // namespace fairsweep
