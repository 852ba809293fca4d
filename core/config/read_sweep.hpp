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

[[nodiscard]] ReadResult read_sweep_text(const std::string& text, const std::string& file_name, const Overrides& overrides = {});

/// @throws UserError (configuration) with all mistakes, one a line; or where the file cannot be read.
[[nodiscard]] SweepConfiguration read_sweep_file(const std::filesystem::path& file, const Overrides& overrides = {});

/// configs/REFERENCE.md from the same schema.
[[nodiscard]] std::string reference_page();

}  // namespace fairsweep
