#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fairsweep {

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011): a block of four 32-bit words from a counter and a key.
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key);

/// What a stream is for. Part of the key, so streams of one trial never meet. Values are frozen.
enum class Purpose : std::uint32_t {
  initialisation = 1,
  order = 2,
  split = 3,
  search = 4,
  generator_users = 5,
  generator_items = 6,
  generator_labels = 7,
  bootstrap = 8,
  text_features = 9,
  groups = 10,
  rating_pairs = 16,
  gradient_order = 17,
  latent_types = 24,
  latent_numbers = 25,
};

/// A counter-based random stream: the same key gives the same numbers on every machine, whatever ran before. Holds
/// 2^34 words; the limits of the key are checked (replicate < 2^24).
class RandomStream {
 public:
  /// Streams that differ in any part of the key are independent. `index` separates e.g. epochs or users.
  RandomStream(std::uint64_t seed, std::uint32_t configuration, std::uint32_t replicate, Purpose purpose,
               std::uint32_t index = 0);

  [[nodiscard]] std::uint32_t next_u32();
  [[nodiscard]] std::uint64_t next_u64();
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] double uniform();
  /// Standard normal (Box-Muller in double; two uniforms a pair).
  [[nodiscard]] double normal();
  /// Uniform in [0, n), unbiased (Lemire). n > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t n);
  /// Gamma with this shape > 0, scale 1 (Marsaglia and Tsang 2000). Never 0, even where the shape is tiny.
  [[nodiscard]] double gamma(double shape);
  /// A permutation of 0 .. n-1 (Fisher-Yates).
  [[nodiscard]] std::vector<std::uint32_t> permutation(std::uint32_t n);

 private:
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> counter_{};
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace fairsweep
