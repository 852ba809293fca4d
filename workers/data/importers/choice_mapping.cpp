#include "workers/data/importers/choice_mapping.hpp"

#include <algorithm>
#include <set>

#include "workers/data/importers/mapping_parts.hpp"
#include "workers/data/importers/strict_yaml.hpp"

namespace fairsweep {

namespace {

namespace parts = mapping_parts;

class Reader {
 public:
  Reader(const YAML::Node& root, const std::string& file) : root_(root), issues_(file) {}

  ChoiceMapping read() {
    if (issues_.mapping(root_, "the mapping",
                        {"about", "user", "choice", "missing_choices", "weight", "user_features", "attributes",
                         "alternatives", "alternative_constants"})) {
      mapping_.about = parts::about(issues_, issues_.need(root_, "about"), true);
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
  MappedColumn column(const YAML::Node& node, const std::string& what) { return parts::column(issues_, node, what); }
  MappedColumn needed_column(const YAML::Node& parent, const std::string& key) {
    return parts::needed_column(issues_, parent, key);
  }
  std::vector<std::string> codes_of(const YAML::Node& node, const std::string& what) {
    return parts::texts(issues_, node, what);
  }

  void read_user_features() {
    const YAML::Node features = root_["user_features"];
    if (features.IsDefined() && issues_.sequence(features, "user_features")) {
      mapping_.user_features = parts::features(issues_, features, "a user feature");
    }
  }

  void read_attributes() {
    const YAML::Node attributes = issues_.need(root_, "attributes");
    if (attributes.IsDefined()) {
      mapping_.attributes = parts::attributes(issues_, attributes, "attributes", true);
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
  ChoiceMapping mapping = Reader(parts::load(text, file), file).read();
  mapping.file = file;
  mapping.text = text;
  return mapping;
}

ChoiceMapping read_choice_mapping(const std::filesystem::path& file) {
  return read_choice_mapping_text(parts::read_text(file), file.string());
}

}  // namespace fairsweep
