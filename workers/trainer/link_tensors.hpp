#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Whom each of U people listens to, up to D others, on the training device.
struct LinkTensors {
  at::Tensor other;        ///< [U, D] int64 row of the person listened to; 0 in the padding; undefined: no links
  at::Tensor link;         ///< [U, D] int64 number of the link, in the order of the data; 0 in the padding
  at::Tensor share;        ///< [U, D] real: the link's weight over that of all links of the person; 0 in the padding
  std::int64_t count = 0;  ///< links
  [[nodiscard]] bool empty() const { return count == 0; }
};

/// Others one person may listen to: every step looks at all of them.
inline constexpr std::int64_t k_most_links_of_one = 256;

/// @throws UserError (configuration) where somebody has more links than k_most_links_of_one. O(links + users x D).
[[nodiscard]] LinkTensors link_tensors(const UserLinks& links, std::int64_t users, at::ScalarType type,
                                       at::Device device);

}  // namespace fairsweep
