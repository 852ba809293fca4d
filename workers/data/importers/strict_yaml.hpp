#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// Mistakes of one YAML file, each with its place. yaml-cpp 0.7 keeps the first of two equal keys in silence, turns
/// 010 into 8 and gives defaults for wrong values, so values are taken as text and looked at here.
class YamlIssues {
 public:
  explicit YamlIssues(std::string file) : file_(std::move(file)) {}

  void add(const YAML::Node& at, const std::string& what);
  /// @throws UserError (configuration) where there is any mistake.
  void finish() const;

  /// A mapping whose keys are all among `known` and occur once; false, with mistakes, otherwise.
  bool mapping(const YAML::Node& node, const std::string& what, const std::vector<std::string>& known);
  /// A mapping with keys of the user's own.
  bool open_mapping(const YAML::Node& node, const std::string& what);
  bool sequence(const YAML::Node& node, const std::string& what);
  /// The value of a key that must be there; an undefined node, with a mistake, otherwise.
  YAML::Node need(const YAML::Node& node, const std::string& key);

  /// Text that is not empty; any plain scalar counts, as it is written.
  std::optional<std::string> text(const YAML::Node& node, const std::string& what);
  /// A finite decimal number.
  std::optional<double> number(const YAML::Node& node, const std::string& what);
  /// true or false.
  std::optional<bool> truth(const YAML::Node& node, const std::string& what);

 private:
  std::string file_;
  std::vector<std::string> lines_;
};

}  // namespace fairsweep
