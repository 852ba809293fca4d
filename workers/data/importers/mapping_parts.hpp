#pragma once

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/strict_yaml.hpp"

/// The parts that all mapping files have. Each reads one value and adds mistakes to `issues`.
namespace fairsweep::mapping_parts {

/// The document. @throws UserError (configuration) where the text is too large, not UTF-8 or not YAML.
[[nodiscard]] YAML::Node load(const std::string& text, const std::string& file);
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

[[nodiscard]] MappedColumn column(YamlIssues& issues, const YAML::Node& node, const std::string& what);
[[nodiscard]] MappedColumn needed_column(YamlIssues& issues, const YAML::Node& parent, const std::string& key);
/// A list of texts.
[[nodiscard]] std::vector<std::string> texts(YamlIssues& issues, const YAML::Node& node, const std::string& what);
/// name, source, licence, note. @param needed  the first three must be there
[[nodiscard]] std::map<std::string, std::string> about(YamlIssues& issues, const YAML::Node& node, bool needed);
/// A list of {column, kind}. @param what  "a user feature"
[[nodiscard]] std::vector<MappedUserFeature> features(YamlIssues& issues, const YAML::Node& node,
                                                      const std::string& what);
/// NAME: {column, labels}. @param labels_needed  every attribute must have labels
[[nodiscard]] std::vector<MappedAttribute> attributes(YamlIssues& issues, const YAML::Node& node,
                                                      const std::string& what, bool labels_needed);

}  // namespace fairsweep::mapping_parts
