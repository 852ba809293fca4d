#pragma once

#include <optional>

#include "core/config/mistakes.hpp"
#include "core/config/schema.hpp"
#include "core/config/yaml_tree.hpp"

namespace fairsweep {

/// The node as one value of the field; for a list of texts, one of them. Nothing where there was a mistake.
[[nodiscard]] std::optional<Value> read_scalar(const Field& field, const YamlNode& node, MistakeList& mistakes);

}  // namespace fairsweep
