#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/domain/value.hpp"

namespace fairsweep::store {

/// Values as a JSON array: 3 and 3.0 stay apart, numbers read back to the same bits.
[[nodiscard]] std::string values_to_json(const std::vector<Value>& values);
/// @throws std::invalid_argument saying what is wrong.
[[nodiscard]] std::vector<Value> values_from_json(std::string_view json);

}  // namespace fairsweep::store
