#include "workers/data/importers/mapping_parts.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"
#include "core/hdf5/text.hpp"

namespace fairsweep::mapping_parts {

namespace {

MappingPlace place_of(const YAML::Node& node) { return {node.Mark().line + 1, node.Mark().column + 1}; }

void read_labels(YamlIssues& issues, const YAML::Node& node, MappedAttribute& attribute) {
  if (!issues.open_mapping(node, "labels")) {
    return;
  }
  for (const auto& label : node) {
    const auto name = issues.text(label.second, "a label");
    attribute.labels.emplace_back(label.first.Scalar(), name.value_or(""));
  }
  if (attribute.labels.empty()) {
    issues.add(node, "labels must have at least one code");
  }
}

}  // namespace

YAML::Node load(const std::string& text, const std::string& file) {
  constexpr std::size_t k_largest = std::size_t{1} << 20U;
  if (text.size() > k_largest) {
    throw UserError(ExitCode::configuration, file + ": is larger than 1 MiB; is this the mapping?");
  }
  if (!hdf5::is_storable_text(text)) {  // it becomes part of the data file
    throw UserError(ExitCode::configuration, file + ": is not UTF-8 text");
  }
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw UserError(ExitCode::configuration, file + ":" + std::to_string(error.mark.line + 1) + ":" +
                                                 std::to_string(error.mark.column + 1) + ": is not YAML: " + error.msg);
  }
}

std::string read_text(const std::filesystem::path& file) {
  require_input_file(file, ExitCode::configuration);
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || !text) {
    throw UserError(ExitCode::configuration, file.string() + ": cannot be read; may you read it?");
  }
  return text.str();
}

MappedColumn column(YamlIssues& issues, const YAML::Node& node, const std::string& what) {
  const auto name = issues.text(node, what);
  return name ? MappedColumn{*name, place_of(node)} : MappedColumn{};
}

MappedColumn needed_column(YamlIssues& issues, const YAML::Node& parent, const std::string& key) {
  const YAML::Node node = issues.need(parent, key);
  return node.IsDefined() ? column(issues, node, key) : MappedColumn{};
}

std::vector<std::string> texts(YamlIssues& issues, const YAML::Node& node, const std::string& what) {
  std::vector<std::string> values;
  if (issues.sequence(node, what)) {
    for (const auto& entry : node) {
      if (const auto value = issues.text(entry, "a code of " + what)) {
        values.push_back(*value);
      }
    }
  }
  return values;
}

std::map<std::string, std::string> about(YamlIssues& issues, const YAML::Node& node, bool needed) {
  std::map<std::string, std::string> values;
  if (!node.IsDefined() || !issues.mapping(node, "about", {"name", "source", "licence", "note"})) {
    return values;
  }
  for (const char* key : {"name", "source", "licence"}) {
    if (needed) {
      (void)issues.need(node, key);
    }
  }
  for (const auto& entry : node) {
    if (const auto value = issues.text(entry.second, entry.first.Scalar())) {
      values[entry.first.Scalar()] = *value;
    }
  }
  return values;
}

std::vector<MappedUserFeature> features(YamlIssues& issues, const YAML::Node& node, const std::string& what) {
  std::vector<MappedUserFeature> all;
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!issues.mapping(entry, what, {"column", "kind"})) {
      continue;
    }
    MappedUserFeature feature;
    feature.column = needed_column(issues, entry, "column");
    if (!feature.column.name.empty() && !seen.insert(feature.column.name).second) {
      issues.add(entry, "column \"" + feature.column.name + "\" is " + what + " twice");
    }
    const YAML::Node kind = issues.need(entry, "kind");
    if (kind.IsDefined()) {
      const auto word = issues.text(kind, "kind");
      if (word && *word != "numeric" && *word != "categorical") {
        issues.add(kind, "kind is \"" + *word + "\"; it must be numeric or categorical");
      }
      feature.categorical = word && *word == "categorical";
    }
    all.push_back(feature);
  }
  return all;
}

std::vector<MappedAttribute> attributes(YamlIssues& issues, const YAML::Node& node, const std::string& what,
                                        bool labels_needed) {
  std::vector<MappedAttribute> all;
  if (!issues.open_mapping(node, what)) {
    return all;
  }
  for (const auto& entry : node) {
    MappedAttribute attribute;
    attribute.name = entry.first.Scalar();
    if (attribute.name.find('/') != std::string::npos || attribute.name == ".") {
      issues.add(entry.first, "an attribute's name must not contain \"/\"");
    }
    if (!issues.mapping(entry.second, "attribute \"" + attribute.name + "\"", {"column", "labels"})) {
      continue;
    }
    attribute.column = needed_column(issues, entry.second, "column");
    const YAML::Node labels = labels_needed ? issues.need(entry.second, "labels") : entry.second["labels"];
    if (labels.IsDefined()) {
      read_labels(issues, labels, attribute);
    }
    all.push_back(attribute);
  }
  return all;
}

}  // namespace fairsweep::mapping_parts
