#include "core/random/philox.hpp"

namespace fairsweep {

namespace {

// The constants of the paper: two multipliers, and the Weyl increments of the key.
constexpr std::uint64_t k_multiplier_0 = 0xD2511F53;
constexpr std::uint64_t k_multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t k_weyl_0 = 0x9E3779B9;  // golden ratio
constexpr std::uint32_t k_weyl_1 = 0xBB67AE85;  // root of 3, minus 1
constexpr int k_rounds = 10;

std::uint32_t high(std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32); }
std::uint32_t low(std::uint64_t product) { return static_cast<std::uint32_t>(product); }

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < k_rounds; ++round) {
    const std::uint64_t product_0 = k_multiplier_0 * counter[0];
    const std::uint64_t product_1 = k_multiplier_1 * counter[2];
    counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1), high(product_0) ^ counter[3] ^ key[1],
               low(product_0)};
    key[0] += k_weyl_0;
    key[1] += k_weyl_1;
  }
  return counter;
}

}  // namespace fairsweep
