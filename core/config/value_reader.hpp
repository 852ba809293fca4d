#pragma once

#include <optional>
#include <string>

#include "core/config/mistakes.hpp"
#include "core/config/options.hpp"
#include "core/config/schema.hpp"
#include "core/config/yaml_tree.hpp"

namespace fairsweep {

/// The node as a value of this field: type, range, words, distributions. Nothing where there was a mistake, which is in
/// the list then.
[[nodiscard]] std::optional<OptionValue> read_option(const Field& field, const YamlNode& node, MistakeList& mistakes);

/// What stands there, for messages: "a list", "a mapping", "nothing", or the text in quotes.
[[nodiscard]] std::string found_text(const YamlNode& node);

}  // namespace fairsweep
