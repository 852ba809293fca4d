#pragma once

#include <ATen/ATen.h>

#include <string_view>

namespace fairsweep {

/// How the rows that an encoder gives for the tokens of a text become one.
enum class Pooling {
  mean,   ///< of the tokens the mask attends to
  last,   ///< the last of them
  first,  ///< the first of them
  none,   ///< the encoder has done so itself
};

[[nodiscard]] std::string_view to_text(Pooling pooling);

/// @param output  [texts, length, dimensions] of any real type
/// @param mask    [texts, length] of int64, 0 or 1, at least one 1 a text; on the same device
/// @return [texts, dimensions], float32; what the mask hides has no part in it, even where it is not finite
[[nodiscard]] at::Tensor pooled(const at::Tensor& output, const at::Tensor& mask, Pooling pooling);

}  // namespace fairsweep
