#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/import_session.hpp"

namespace fairsweep {

/// A choice that an importer leaves to its user: `--name VALUE`.
struct ImporterOption {
  std::string name;
  std::string fallback;
  std::vector<std::string> words;  ///< all it may be; empty: any text
  std::string help;
};

/// What was asked for on the command line.
struct ImporterArguments {
  std::vector<std::filesystem::path> files;    ///< at least one
  std::map<std::string, std::string> options;  ///< every option of the importer
  [[nodiscard]] const std::string& option(const std::string& name) const { return options.at(name); }
  /// @throws UserError (configuration) "--name is ..." where it is not a finite number within the bounds
  [[nodiscard]] double number(const std::string& name, double least, double most) const;
  [[nodiscard]] std::int64_t whole(const std::string& name, std::int64_t least, std::int64_t most) const;
};

/// One form of preference data.
struct Importer {
  std::string name;  ///< of the command: "rankings"
  std::string help;
  std::vector<std::string> roles;       ///< keys of `fields` in a mapping
  std::vector<std::string> list_roles;  ///< the same of roles that many fields play: lists
  std::vector<std::string> meanings;    ///< keys of `values`
  std::vector<ImporterOption> options;
  /// Reads the files into the session. Features that only the importer knows come back; no names: none.
  std::function<FeatureBlock(ImportSession&, const ImporterArguments&)> read;
};

/// Every importer of records, in the order in which help lists them.
[[nodiscard]] const std::vector<Importer>& importer_catalogue();

}  // namespace fairsweep
