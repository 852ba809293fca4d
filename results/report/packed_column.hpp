#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

namespace fairsweep::report {

/// Base64 (RFC 4648) of some bytes.
[[nodiscard]] std::string base64(std::span<const std::uint8_t> bytes);

/// Numbers as the report's page reads them: {"f32": base64 of little-endian float32}, a third of their decimal text.
/// Seven digits are more than a plot or a hover shows; NaN stays NaN.
[[nodiscard]] nlohmann::json packed_reals(std::span<const double> values);
/// {"u32": base64 of little-endian uint32}.
[[nodiscard]] nlohmann::json packed_counts(std::span<const std::uint32_t> values);

}  // namespace fairsweep::report
