#include "workers/data/importers/record_mapping.hpp"

#include <algorithm>

#include "workers/data/importers/mapping_parts.hpp"

namespace fairsweep {

namespace {

namespace parts = mapping_parts;

class Reader {
 public:
  Reader(const YAML::Node& root, const std::string& file) : root_(root), issues_(file) {}

  RecordMapping read(const std::vector<std::string>& roles, const std::vector<std::string>& meanings,
                     const std::vector<std::string>& list_roles) {
    if (issues_.mapping(root_, "the mapping",
                        {"about", "delimiter", "header", "repeated_names", "fields", "values", "user_features",
                         "attributes", "comparison_attributes", "join", "candidates"})) {
      mapping_.about = parts::about(issues_, root_["about"], true);
      mapping_.format = format_of(root_);
      read_fields(roles, list_roles);
      read_values(meanings);
      if (const YAML::Node features = root_["user_features"]; given(features, "user_features")) {
        mapping_.user_features = parts::features(issues_, features, "a user feature");
      }
      if (const YAML::Node node = root_["attributes"]) {
        mapping_.attributes = parts::attributes(issues_, node, "attributes", false);
      }
      if (const YAML::Node node = root_["comparison_attributes"]) {
        mapping_.comparison_attributes = parts::attributes(issues_, node, "comparison_attributes", false);
      }
      read_joins();
      read_candidates();
    }
    issues_.finish();
    return std::move(mapping_);
  }

 private:
  bool given(const YAML::Node& node, const std::string& what) {
    return node.IsDefined() && issues_.sequence(node, what);
  }

  FileFormatMapping format_of(const YAML::Node& node) {
    FileFormatMapping format;
    if (const YAML::Node delimiter = node["delimiter"]) {
      const auto word = issues_.text(delimiter, "delimiter").value_or(",");
      if (word == "tab") {
        format.delimiter = '\t';
      } else if (word.size() == 1 && word.find_first_of("\"\r\n") == std::string::npos) {
        format.delimiter = word.front();
      } else {
        issues_.add(delimiter, "delimiter must be one character, or tab");
      }
    }
    if (const YAML::Node header = node["header"]) {
      format.header = issues_.truth(header, "header");
    }
    if (const YAML::Node repeated = node["repeated_names"]) {
      format.repeated_names = issues_.truth(repeated, "repeated_names").value_or(false);
    }
    return format;
  }

  void read_fields(const std::vector<std::string>& roles, const std::vector<std::string>& list_roles) {
    const YAML::Node fields = root_["fields"];
    std::vector<std::string> known = roles;
    known.insert(known.end(), list_roles.begin(), list_roles.end());
    if (!fields.IsDefined() || !issues_.mapping(fields, "fields", known)) {
      return;
    }
    for (const auto& entry : fields) {
      const std::string role = entry.first.Scalar();
      if (std::find(list_roles.begin(), list_roles.end(), role) != list_roles.end()) {
        read_field_list(role, entry.second);
      } else if (const auto field = issues_.text(entry.second, "a field")) {
        mapping_.fields[role] = *field;
      }
    }
  }

  void read_field_list(const std::string& role, const YAML::Node& node) {
    if (!issues_.sequence(node, role)) {
      return;
    }
    auto& list = mapping_.field_lists[role];
    for (const auto& entry : node) {
      if (const auto field = issues_.text(entry, "a field")) {
        if (std::find(list.begin(), list.end(), *field) != list.end()) {
          issues_.add(entry, "field \"" + *field + "\" is one of the " + role + " twice");
        }
        list.push_back(*field);
      }
    }
  }

  void read_values(const std::vector<std::string>& meanings) {
    const YAML::Node values = root_["values"];
    if (values.IsDefined() && issues_.mapping(values, "values", meanings)) {
      for (const auto& entry : values) {
        mapping_.values[entry.first.Scalar()] = parts::texts(issues_, entry.second, "values");
      }
    }
  }

  std::string needed_text(const YAML::Node& node, const std::string& key) {
    const YAML::Node found = issues_.need(node, key);
    return found.IsDefined() ? issues_.text(found, key).value_or("") : "";
  }

  void read_joins() {
    const YAML::Node joins = root_["join"];
    if (!given(joins, "join")) {
      return;
    }
    for (const auto& node : joins) {
      if (!issues_.mapping(node, "a join", {"file", "on", "key", "row", "delimiter", "header", "repeated_names"})) {
        continue;
      }
      JoinedTable join;
      join.file = needed_text(node, "file");
      join.format = format_of(node);
      const YAML::Node by_row = node["row"];
      if (by_row.IsDefined() && issues_.truth(by_row, "row").value_or(false)) {
        if (node["on"].IsDefined() || node["key"].IsDefined()) {
          issues_.add(node, "a join is by row, or on a field, not both");
        }
      } else {
        join.on = needed_text(node, "on");
        join.key = node["key"].IsDefined() ? needed_text(node, "key") : join.on;
      }
      mapping_.joins.push_back(std::move(join));
    }
  }

  void read_candidates() {
    const YAML::Node node = root_["candidates"];
    if (!node.IsDefined() ||
        !issues_.mapping(node, "candidates",
                         {"file", "key", "text", "features", "spellings", "delimiter", "header", "repeated_names"})) {
      return;
    }
    CandidateTable table;
    table.file = needed_text(node, "file");
    table.key = needed_text(node, "key");
    table.format = format_of(node);
    if (const YAML::Node text = node["text"]) {
      table.text = issues_.text(text, "text").value_or("");
    }
    if (const YAML::Node features = node["features"]; given(features, "features")) {
      table.features = parts::features(issues_, features, "a feature");
    }
    const YAML::Node spellings = node["spellings"];
    if (spellings.IsDefined() && issues_.open_mapping(spellings, "spellings")) {
      for (const auto& entry : spellings) {
        table.spellings[entry.first.Scalar()] = issues_.text(entry.second, "a spelling").value_or("");
      }
    }
    if (table.text.empty() && table.features.empty()) {
      issues_.add(node, "the table of candidates has neither a text nor features; name one of them");
    }
    mapping_.candidates = std::move(table);
  }

  YAML::Node root_;
  YamlIssues issues_;
  RecordMapping mapping_;
};

}  // namespace

RecordFormat FileFormatMapping::applied_to(RecordFormat format) const {
  format.table.delimiter = delimiter.value_or(format.table.delimiter);
  format.table.header = header.value_or(format.table.header);
  format.table.repeated_names = repeated_names;
  return format;
}

bool RecordMapping::means(const std::string& meaning, const std::vector<std::string>& usual,
                          std::string_view value) const {
  const auto mapped = values.find(meaning);
  const auto& words = mapped != values.end() ? mapped->second : usual;
  return std::find(words.begin(), words.end(), value) != words.end();
}

RecordMapping read_record_mapping_text(const std::string& text, const std::string& file,
                                       const std::vector<std::string>& roles, const std::vector<std::string>& meanings,
                                       const std::vector<std::string>& list_roles) {
  RecordMapping mapping = Reader(parts::load(text, file), file).read(roles, meanings, list_roles);
  mapping.file = file;
  mapping.text = text;
  return mapping;
}

RecordMapping read_record_mapping(const std::filesystem::path& file, const std::vector<std::string>& roles,
                                  const std::vector<std::string>& meanings,
                                  const std::vector<std::string>& list_roles) {
  return read_record_mapping_text(parts::read_text(file), file.string(), roles, meanings, list_roles);
}

}  // namespace fairsweep
