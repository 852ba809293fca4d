#include "workers/data/importers/strict_yaml.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep {

void YamlIssues::add(const YAML::Node& at, const std::string& what) {
  const YAML::Mark mark = at.IsDefined() ? at.Mark() : YAML::Mark::null_mark();
  std::string line = file_;
  if (!mark.is_null()) {
    line.append(":").append(std::to_string(mark.line + 1)).append(":").append(std::to_string(mark.column + 1));
  }
  lines_.push_back(line.append(": ").append(what));
}

void YamlIssues::finish() const {
  if (lines_.empty()) {
    return;
  }
  std::string all;
  for (const std::string& line : lines_) {
    all.append(all.empty() ? "" : "\n").append(line);
  }
  throw UserError(ExitCode::configuration, all);
}

bool YamlIssues::open_mapping(const YAML::Node& node, const std::string& what) {
  if (!node.IsMap()) {
    add(node, what + " must be a mapping of keys to values");
    return false;
  }
  bool good = true;
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() || entry.first.Scalar().empty()) {
      add(entry.first, "a key of " + what + " must be plain text");
      good = false;
    } else if (!seen.insert(entry.first.Scalar()).second) {
      add(entry.first, "key \"" + entry.first.Scalar() + "\" is there twice in " + what);
      good = false;
    }
  }
  return good;
}

bool YamlIssues::mapping(const YAML::Node& node, const std::string& what, const std::vector<std::string>& known) {
  if (!open_mapping(node, what)) {
    return false;
  }
  bool good = true;
  for (const auto& entry : node) {
    const std::string& key = entry.first.Scalar();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      add(entry.first, "unknown key \"" + key + "\" in " + what + did_you_mean(key, known));
      good = false;
    }
  }
  return good;
}

bool YamlIssues::sequence(const YAML::Node& node, const std::string& what) {
  if (!node.IsSequence() || node.size() == 0) {
    add(node, what + " must be a list with at least one entry");
    return false;
  }
  return true;
}

YAML::Node YamlIssues::need(const YAML::Node& node, const std::string& key) {
  YAML::Node found = node[key];
  if (!found.IsDefined()) {
    add(node, "key \"" + key + "\" is missing here");
  }
  return found;
}

std::optional<std::string> YamlIssues::text(const YAML::Node& node, const std::string& what) {
  if (!node.IsScalar() || node.Scalar().empty()) {
    add(node, what + " must be text");
    return std::nullopt;
  }
  return node.Scalar();
}

std::optional<double> YamlIssues::number(const YAML::Node& node, const std::string& what) {
  if (node.IsScalar() && node.Tag() != "!") {  // "!" marks a quoted scalar
    const std::string& written = node.Scalar();
    double value = 0;
    const char* end = written.data() + written.size();
    const auto [rest, problem] = std::from_chars(written.data(), end, value);
    if (problem == std::errc() && rest == end && std::isfinite(value)) {
      return value;
    }
  }
  add(node, what + " must be a finite number");
  return std::nullopt;
}

std::optional<bool> YamlIssues::truth(const YAML::Node& node, const std::string& what) {
  if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) {
    return node.Scalar() == "true";
  }
  add(node, what + " must be true or false");
  return std::nullopt;
}

}  // namespace fairsweep
