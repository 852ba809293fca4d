#include "core/config/resolved_options.hpp"

#include "core/config/option_reader.hpp"
#include "core/config/resolved_text.hpp"
#include "core/config/schema.hpp"
#include "core/config/yaml_tree.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::vector<ResolvedOption> resolved_options(const SweepConfiguration& sweep) {
  MistakeList mistakes({"resolved"});
  const auto root = parse_yaml(sweep.resolved, 0, mistakes);
  check(root && root->kind == YamlNode::Kind::mapping, "a resolved sweep is no mapping");
  const Options options = read_options(*root, {}, mistakes);
  check(mistakes.count() == 0, "a resolved sweep has mistakes");
  std::vector<ResolvedOption> resolved;
  for (const Field& field : sweep_schema()) {
    const auto option = options.find(field.path);
    if (option == options.end())
      continue;
    const auto origin = sweep.origins.find(field.path);
    resolved.push_back({field.path, option_text(field.path, option->second.value),
                        origin == sweep.origins.end() ? option->second.origin : origin->second});
  }
  return resolved;
}

}  // namespace fairsweep
