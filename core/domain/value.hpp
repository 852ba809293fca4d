#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace fairsweep {

/// One setting of a trial. Integers and reals are kept apart: 3 and 3.0 are different settings of different options.
using Value = std::variant<bool, std::int64_t, double, std::string>;

/// All settings a trial trains with, keyed by their full path in the sweep configuration
/// ("training.learning_rate"), fixed ones and defaults included. Ordered, so that its text is canonical.
using Settings = std::map<std::string, Value, std::less<>>;

/// The value as configuration text: shortest decimal that reads back to the same double, true/false, plain strings.
[[nodiscard]] std::string to_text(const Value& value);

}  // namespace fairsweep
