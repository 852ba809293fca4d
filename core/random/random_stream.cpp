#include <cmath>  // for sqrt, which is exact
#include <limits>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "core/random/portable_math.hpp"

namespace fairsweep {

namespace {

// Replicate and purpose share a counter word, side by side: different pairs are different words.
constexpr std::uint32_t k_purpose_bits = 8;

__extension__ using Uint128 = unsigned __int128;

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::uint32_t configuration, std::uint32_t replicate, Purpose purpose,
                           std::uint32_t index)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)} {
  const auto purpose_code = static_cast<std::uint32_t>(purpose);
  check(purpose_code < (1U << k_purpose_bits), "a stream's purpose needs more than 8 bits");
  check(replicate < (1U << (32 - k_purpose_bits)), "a stream's replicate needs more than 24 bits");
  counter_ = {0, index, configuration, (replicate << k_purpose_bits) | purpose_code};
}

std::uint32_t RandomStream::next_u32() {
  if (used_ == block_.size()) {
    check(counter_[0] != std::numeric_limits<std::uint32_t>::max(), "a random stream came to its end");
    block_ = philox4x32(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t RandomStream::next_u64() {
  const std::uint64_t low = next_u32();
  const std::uint64_t high = next_u32();
  return (high << 32) | low;
}

double RandomStream::uniform() { return static_cast<double>(next_u64() >> 11) * 0x1p-53; }

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double open = 1 - uniform();  // (0, 1]: its logarithm is finite
  const double radius = std::sqrt(-2 * portable::log(open));
  const portable::SineCosine angle = portable::sine_cosine(uniform());
  spare_ = radius * angle.sine;
  has_spare_ = true;
  return radius * angle.cosine;
}

std::uint64_t RandomStream::below(std::uint64_t n) {
  check(n > 0, "below(0) has no answer");
  // Lemire (ACM TOMACS 2019): the high half of a product is uniform once the low halves of a short range are refused.
  Uint128 product = static_cast<Uint128>(next_u64()) * n;
  if (static_cast<std::uint64_t>(product) < n) {
    const std::uint64_t refused = (0 - n) % n;
    while (static_cast<std::uint64_t>(product) < refused) {
      product = static_cast<Uint128>(next_u64()) * n;
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double RandomStream::gamma(double shape) {
  check(shape > 0 && shape < std::numeric_limits<double>::infinity(), "a gamma shape must be positive and finite");
  if (shape < 1) {
    // Gamma(a) = Gamma(a + 1) * U^(1/a). Kept above 0, so that a Dirichlet vector of such draws has a sum.
    const double grown = gamma(shape + 1);
    const double open = 1 - uniform();
    const double value = grown * portable::exp(portable::log(open) / shape);
    return value > std::numeric_limits<double>::min() ? value : std::numeric_limits<double>::min();
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) {
      continue;
    }
    const double v = root * root * root;
    const double open = 1 - uniform();
    if (portable::log(open) < 0.5 * x * x + d - d * v + d * portable::log(v)) {
      return d * v;
    }
  }
}

std::vector<std::uint32_t> RandomStream::permutation(std::uint32_t n) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = n; i > 1; --i) {
    std::swap(order[i - 1], order[below(i)]);
  }
  return order;
}

}  // namespace fairsweep
