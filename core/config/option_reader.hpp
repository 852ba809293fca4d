#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/mistakes.hpp"
#include "core/config/options.hpp"
#include "core/config/yaml_tree.hpp"

namespace fairsweep {

/// One --set, its value parsed; nothing where that failed (then the mistake is in the list).
struct ParsedOverride {
  std::string path;
  std::optional<YamlNode> value;
};

/// The options of a file under the overrides: every active option of the schema, defaults filled in. Where the
/// overrides give an option another value, options of the file that have a meaning only with the old one are left out:
/// whoever sets method.name need not edit the file. Mistakes go to the list; then the answer is not complete.
/// @param root  nothing where the file could not be parsed
[[nodiscard]] Options read_options(const YamlNode& root, const std::vector<ParsedOverride>& overrides,
                                   MistakeList& mistakes);

}  // namespace fairsweep
