#pragma once

#include <cstdint>

namespace fairsweep {

/// What the random streams of a training run are keyed by.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t configuration = 0;
  std::uint32_t replicate = 0;
};

}  // namespace fairsweep
