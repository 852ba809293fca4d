#pragma once

#include <optional>

#include "core/config/mistakes.hpp"
#include "core/config/schema.hpp"
#include "core/config/yaml_tree.hpp"

namespace fairsweep {

/// Does the mapping begin with choice, uniform or log_uniform?
[[nodiscard]] bool names_distribution(const YamlNode& mapping);

/// {choice: [...]}, {uniform: [low, high]} or {log_uniform: [low, high]} over values of the field. Nothing where there
/// was a mistake.
[[nodiscard]] std::optional<Distribution> read_distribution(const Field& field, const YamlNode& mapping,
                                                            MistakeList& mistakes);

}  // namespace fairsweep
