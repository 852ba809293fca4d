#include "core/domain/people_settings.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>

namespace fairsweep {

std::optional<Proportion> proportion_in(const std::string& text) {
  const std::size_t sign = text.rfind('=');
  if (sign == std::string::npos || sign == 0)
    return std::nullopt;
  Proportion proportion{text.substr(0, sign), 0};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + sign + 1, end, proportion.number);
  if (error != std::errc() || stopped != end || !std::isfinite(proportion.number) || !(proportion.number > 0))
    return std::nullopt;
  return proportion;
}

}  // namespace fairsweep
