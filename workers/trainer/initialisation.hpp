#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "core/random/random_key.hpp"
#include "workers/trainer/parameter_layout.hpp"

namespace fairsweep {

/// Start values of one model: [size] on the CPU, normal with each block's deviation, biases and padding 0. Drawn in
/// the order of the blocks, row by row, so they depend on the key, the member and the layout alone.
/// @param member  place among the models that a trial trains together    @param factor  on all of them
[[nodiscard]] at::Tensor start_values(const ParameterLayout& layout, const RandomKey& key, at::ScalarType type,
                                      std::uint32_t member = 0, double factor = 1);

}  // namespace fairsweep
