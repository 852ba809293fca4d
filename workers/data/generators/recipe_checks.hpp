#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairsweep::recipe_checks {

/// The shortest decimal that reads back to the same double: recipes are commands that can be run again.
[[nodiscard]] std::string decimal(double value);

template <typename T>
[[nodiscard]] bool between(T value, T low, T high) {
  return value >= low && value <= high;
}

/// @throws UserError (configuration) "--<option> is <value>; it must be <range>" where it does not hold
void require(bool holds, std::string_view option, std::int64_t value, std::string_view range);
void require(bool holds, std::string_view option, double value, std::string_view range);

}  // namespace fairsweep::recipe_checks
