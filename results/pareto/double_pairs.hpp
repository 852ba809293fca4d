#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace fairsweep::pareto {

// Two numbers are what every 64-bit processor compares at once; an extension that GCC and Clang share.
using Pair = double __attribute__((vector_size(16)));
using PairMask = std::int64_t __attribute__((vector_size(16)));

[[nodiscard]] inline Pair pair_at(const double* values) {
  Pair pair;
  std::memcpy(&pair, values, sizeof pair);
  return pair;
}

/// One bit for each of two answers, the first the lowest.
[[nodiscard]] inline unsigned bits_of(PairMask mask) {
#ifdef __SSE2__
  return static_cast<unsigned>(__builtin_ia32_movmskpd(std::bit_cast<Pair>(mask)));
#else
  return static_cast<unsigned>(mask[0] & 1) | static_cast<unsigned>(mask[1] & 1) << 1U;
#endif
}

}  // namespace fairsweep::pareto
