#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/config/sweep_configuration.hpp"

namespace fairsweep {

/// One mistake in a configuration.
struct ConfigurationIssue {
  std::string file;
  int line = 0;    ///< from 1; 0 where there is no place
  int column = 0;  ///< from 1
  std::string path;
  std::string message;
  std::string hint;  ///< what to write instead; may be empty
  /// file:line:column: message; hint
  [[nodiscard]] std::string text() const;
};

/// The sweep, or every mistake in it at once (then `sweep` is not to be used).
struct ReadResult {
  SweepConfiguration sweep;
  std::vector<ConfigurationIssue> issues;
  [[nodiscard]] bool ok() const { return issues.empty(); }
};

/// key=value pairs from --set, applied over the file; the value is YAML.
using Overrides = std::vector<std::pair<std::string, std::string>>;

/// The arguments of --set. @throws UserError (configuration) where one has no "=".
[[nodiscard]] Overrides parse_overrides(const std::vector<std::string>& arguments);

/// Options of the file that lose their meaning by an override of another (method.reweighted.strength under --set
/// method.name=pooled) are left out; every other mistake in the file is one with overrides, too.
[[nodiscard]] ReadResult read_sweep_text(const std::string& text, const std::string& file_name,
                                         const Overrides& overrides = {});

/// The text of a file, for read_sweep_text; not more of it than a sweep may have.
/// @throws UserError (configuration) where it cannot be read.
[[nodiscard]] std::string read_configuration_text(const std::filesystem::path& file);

/// @throws UserError (configuration) with all mistakes, one a line; or where the file cannot be read.
[[nodiscard]] SweepConfiguration read_sweep_file(const std::filesystem::path& file, const Overrides& overrides = {});

/// configs/REFERENCE.md from the same schema.
[[nodiscard]] std::string reference_page();

}  // namespace fairsweep
