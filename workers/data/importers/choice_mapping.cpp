#include "workers/data/importers/choice_mapping.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/strict_yaml.hpp"

namespace fairsweep {

namespace {

MappingPlace place_of(const YAML::Node& node) { return {node.Mark().line + 1, node.Mark().column + 1}; }

class Reader {
 public:
  Reader(const YAML::Node& root, const std::string& file) : root_(root), issues_(file) {}

  ChoiceMapping read() {
    if (issues_.mapping(root_, "the mapping",
                        {"about", "user", "choice", "missing_choices", "weight", "user_features", "attributes",
                         "alternatives", "alternative_constants"})) {
      read_about();
      mapping_.user = needed_column(root_, "user");
      mapping_.choice = needed_column(root_, "choice");
      if (const YAML::Node codes = root_["missing_choices"]) {
        mapping_.missing_choices = codes_of(codes, "missing_choices");
      }
      if (const YAML::Node weight = root_["weight"]) {
        mapping_.weight = column(weight, "weight");
      }
      read_user_features();
      read_attributes();
      read_alternatives();
      if (const YAML::Node constants = root_["alternative_constants"]) {
        mapping_.alternative_constants = issues_.truth(constants, "alternative_constants").value_or(false);
      }
    }
    issues_.finish();
    return std::move(mapping_);
  }

 private:
  MappedColumn column(const YAML::Node& node, const std::string& what) {
    const auto name = issues_.text(node, what);
    return name ? MappedColumn{*name, place_of(node)} : MappedColumn{};
  }
  MappedColumn needed_column(const YAML::Node& parent, const std::string& key) {
    const YAML::Node node = issues_.need(parent, key);
    return node.IsDefined() ? column(node, key) : MappedColumn{};
  }

  std::vector<std::string> codes_of(const YAML::Node& node, const std::string& what) {
    std::vector<std::string> codes;
    if (issues_.sequence(node, what)) {
      for (const auto& entry : node) {
        if (const auto code = issues_.text(entry, "a code of " + what)) {
          codes.push_back(*code);
        }
      }
    }
    return codes;
  }

  void read_about() {
    const YAML::Node about = issues_.need(root_, "about");
    if (!about.IsDefined() || !issues_.mapping(about, "about", {"name", "source", "licence", "note"})) {
      return;
    }
    for (const char* key : {"name", "source", "licence"}) {
      (void)issues_.need(about, key);
    }
    for (const auto& entry : about) {
      if (const auto value = issues_.text(entry.second, entry.first.Scalar())) {
        mapping_.about[entry.first.Scalar()] = *value;
      }
    }
  }

  void read_user_features() {
    const YAML::Node features = root_["user_features"];
    if (!features.IsDefined() || !issues_.sequence(features, "user_features")) {
      return;
    }
    std::set<std::string> seen;
    for (const auto& entry : features) {
      if (!issues_.mapping(entry, "a user feature", {"column", "kind"})) {
        continue;
      }
      MappedUserFeature feature;
      feature.column = needed_column(entry, "column");
      if (!feature.column.name.empty() && !seen.insert(feature.column.name).second) {
        issues_.add(entry, "column \"" + feature.column.name + "\" is a user feature twice");
      }
      const YAML::Node kind = issues_.need(entry, "kind");
      if (kind.IsDefined()) {
        const auto word = issues_.text(kind, "kind");
        if (word && *word != "numeric" && *word != "categorical") {
          issues_.add(kind, "kind is \"" + *word + "\"; it must be numeric or categorical");
        }
        feature.categorical = word && *word == "categorical";
      }
      mapping_.user_features.push_back(feature);
    }
  }

  void read_attributes() {
    const YAML::Node attributes = issues_.need(root_, "attributes");
    if (!attributes.IsDefined() || !issues_.open_mapping(attributes, "attributes")) {
      return;
    }
    for (const auto& entry : attributes) {
      MappedAttribute attribute;
      attribute.name = entry.first.Scalar();
      if (attribute.name.find('/') != std::string::npos || attribute.name == ".") {
        issues_.add(entry.first, "an attribute's name must not contain \"/\"");
      }
      if (!issues_.mapping(entry.second, "attribute \"" + attribute.name + "\"", {"column", "labels"})) {
        continue;
      }
      attribute.column = needed_column(entry.second, "column");
      const YAML::Node labels = issues_.need(entry.second, "labels");
      if (labels.IsDefined() && issues_.open_mapping(labels, "labels")) {
        std::set<std::string> seen;
        for (const auto& label : labels) {
          const auto name = issues_.text(label.second, "a label");
          if (name && !seen.insert(*name).second) {
            issues_.add(label.second, "label \"" + *name + "\" is there twice; labels must differ");
          }
          attribute.labels.emplace_back(label.first.Scalar(), name.value_or(""));
        }
        if (attribute.labels.empty()) {
          issues_.add(labels, "labels must have at least one code");
        }
      }
      mapping_.attributes.push_back(attribute);
    }
  }

  std::optional<CodeMatch> code_match(const YAML::Node& node) {
    if (!issues_.mapping(node, "zero_where", {"column", "codes"})) {
      return std::nullopt;
    }
    CodeMatch match{needed_column(node, "column"), {}};
    const YAML::Node codes = issues_.need(node, "codes");
    if (codes.IsDefined()) {
      match.codes = codes_of(codes, "codes");
    }
    return match;
  }

  MappedFeature feature_of(const std::string& name, const YAML::Node& node) {
    MappedFeature feature;
    feature.name = name;
    if (node.IsScalar()) {
      feature.constant =
          issues_.number(node, "feature \"" + name + "\" (a number, or a mapping with a column)").value_or(0);
      return feature;
    }
    if (!issues_.mapping(node, "feature \"" + name + "\"", {"column", "scale", "zero_where"})) {
      return feature;
    }
    feature.column = needed_column(node, "column");
    if (const YAML::Node scale = node["scale"]) {
      feature.scale = issues_.number(scale, "scale").value_or(1);
    }
    if (const YAML::Node zero = node["zero_where"]) {
      feature.zero_where = code_match(zero);
    }
    return feature;
  }

  MappedAlternative alternative_of(const YAML::Node& node) {
    MappedAlternative alternative;
    if (!issues_.mapping(node, "an alternative", {"name", "code", "available", "features"})) {
      return alternative;
    }
    for (const auto& [key, target] : {std::pair{"name", &alternative.name}, std::pair{"code", &alternative.code}}) {
      if (const YAML::Node value = issues_.need(node, key); value.IsDefined()) {
        *target = issues_.text(value, key).value_or("");
      }
    }
    if (const YAML::Node available = node["available"]) {
      alternative.available = column(available, "available");
    }
    const YAML::Node features = issues_.need(node, "features");
    if (features.IsDefined() && issues_.open_mapping(features, "features")) {
      for (const auto& entry : features) {
        alternative.features.push_back(feature_of(entry.first.Scalar(), entry.second));
      }
    }
    return alternative;
  }

  // Every alternative has the features of the first, so that a column of the data means one thing.
  void align_features(const YAML::Node& node, MappedAlternative& alternative) {
    const auto named = [](const std::string& name) {
      return [&name](const MappedFeature& feature) { return feature.name == name; };
    };
    std::vector<MappedFeature> aligned;
    for (const MappedFeature& wanted : mapping_.alternatives.front().features) {
      const auto found = std::find_if(alternative.features.begin(), alternative.features.end(), named(wanted.name));
      if (found == alternative.features.end()) {
        issues_.add(node, "alternative \"" + alternative.name + "\" lacks feature \"" + wanted.name + "\"; write \"" +
                              wanted.name + ": 0\" where it has none");
      } else {
        aligned.push_back(*found);
      }
    }
    for (const MappedFeature& feature : alternative.features) {
      if (std::none_of(aligned.begin(), aligned.end(), named(feature.name))) {
        issues_.add(node, "feature \"" + feature.name + "\" of alternative \"" + alternative.name +
                              "\" is not one of the first alternative; write it there too");
      }
    }
    alternative.features = std::move(aligned);
  }

  void read_alternatives() {
    const YAML::Node alternatives = issues_.need(root_, "alternatives");
    if (!alternatives.IsDefined() || !issues_.sequence(alternatives, "alternatives")) {
      return;
    }
    if (alternatives.size() < 2) {
      issues_.add(alternatives, "a choice needs at least two alternatives");
    }
    std::set<std::string> names;
    std::set<std::string> codes(mapping_.missing_choices.begin(), mapping_.missing_choices.end());
    for (const auto& node : alternatives) {
      MappedAlternative alternative = alternative_of(node);
      if (!alternative.name.empty() && !names.insert(alternative.name).second) {
        issues_.add(node, "two alternatives are called \"" + alternative.name + "\"");
      }
      if (!alternative.code.empty() && !codes.insert(alternative.code).second) {
        issues_.add(node, "code \"" + alternative.code + "\" is used twice");
      }
      if (!mapping_.alternatives.empty()) {
        align_features(node, alternative);
      }
      mapping_.alternatives.push_back(std::move(alternative));
    }
  }

  YAML::Node root_;
  YamlIssues issues_;
  ChoiceMapping mapping_;
};

}  // namespace

ChoiceMapping read_choice_mapping_text(const std::string& text, const std::string& file) {
  constexpr std::size_t k_largest = std::size_t{1} << 20U;
  if (text.size() > k_largest) {
    throw UserError(ExitCode::configuration, file + ": is larger than 1 MiB; is this the mapping?");
  }
  YAML::Node root;
  try {
    root = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw UserError(ExitCode::configuration, file + ":" + std::to_string(error.mark.line + 1) + ":" +
                                                 std::to_string(error.mark.column + 1) + ": is not YAML: " + error.msg);
  }
  ChoiceMapping mapping = Reader(root, file).read();
  mapping.file = file;
  mapping.text = text;
  return mapping;
}

ChoiceMapping read_choice_mapping(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || !text) {
    throw UserError(ExitCode::configuration, file.string() + ": cannot be read");
  }
  return read_choice_mapping_text(text.str(), file.string());
}

}  // namespace fairsweep
