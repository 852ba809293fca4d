#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// How a file differs from what its name says.
struct FileFormatMapping {
  std::optional<char> delimiter;
  std::optional<bool> header;
  bool repeated_names = false;
  [[nodiscard]] RecordFormat applied_to(RecordFormat format) const;
};

/// A further table whose columns every record gets, found by one of the record's fields, or by its place.
struct JoinedTable {
  std::string file;  ///< beside the first input, unless absolute
  std::string on;    ///< field of the record; empty: by row, the first to the first
  std::string key;   ///< column of this table
  FileFormatMapping format;
};

/// A table with one row for each candidate.
struct CandidateTable {
  std::string file;
  std::string key;                               ///< column with the candidate's name
  std::string text;                              ///< column with its text; empty: none
  std::vector<MappedUserFeature> features;       ///< columns that are features
  std::map<std::string, std::string> spellings;  ///< a name in the records -> the same candidate's in this table
  FileFormatMapping format;
};

/// What the fields of somebody's records mean; the YAML file that docs/importing.md describes.
struct RecordMapping {
  std::string file;
  std::string text;  ///< the whole file, kept as part of the recipe; empty where there is none
  std::map<std::string, std::string> about;
  FileFormatMapping format;
  std::map<std::string, std::string> fields;                    ///< role -> field
  std::map<std::string, std::vector<std::string>> field_lists;  ///< the same of roles that many fields play, in order
  std::map<std::string, std::vector<std::string>> values;       ///< meaning -> the texts that mean it
  std::vector<MappedUserFeature> user_features;
  std::vector<MappedAttribute> attributes;             ///< of users; no labels: every value that occurs
  std::vector<MappedAttribute> comparison_attributes;  ///< the same of comparisons
  std::vector<JoinedTable> joins;
  std::optional<CandidateTable> candidates;

  /// Whether a field's text has this meaning: as `values` says, else where it is one of `usual`.
  [[nodiscard]] bool means(const std::string& meaning, const std::vector<std::string>& usual,
                           std::string_view value) const;
};

/// Reads the mapping strictly. @throws UserError (configuration) with every mistake, one a line, with its place.
/// @param roles, meanings  what the importer knows: keys of `fields` and `values`
/// @param list_roles  further keys of `fields`, with lists
[[nodiscard]] RecordMapping read_record_mapping(const std::filesystem::path& file,
                                                const std::vector<std::string>& roles,
                                                const std::vector<std::string>& meanings,
                                                const std::vector<std::string>& list_roles = {});
/// The same from text at hand; `file` is only named.
[[nodiscard]] RecordMapping read_record_mapping_text(const std::string& text, const std::string& file,
                                                     const std::vector<std::string>& roles,
                                                     const std::vector<std::string>& meanings,
                                                     const std::vector<std::string>& list_roles = {});

}  // namespace fairsweep
