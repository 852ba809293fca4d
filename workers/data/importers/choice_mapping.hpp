#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fairsweep {

/// A place in the mapping file, for messages about what the table does not have.
struct MappingPlace {
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1
};

/// A column of the table, and where the mapping names it.
struct MappedColumn {
  std::string name;
  MappingPlace place;
};

/// Cells that are equal to one of these codes.
struct CodeMatch {
  MappedColumn column;
  std::vector<std::string> codes;
};

/// One feature of an alternative: a number, or column * scale, or 0 where another column has one of some codes.
struct MappedFeature {
  std::string name;
  std::optional<MappedColumn> column;
  double constant = 0;
  double scale = 1;
  std::optional<CodeMatch> zero_where;
};

struct MappedAlternative {
  std::string name;
  std::string code;                       ///< in the choice column
  std::optional<MappedColumn> available;  ///< 1: offered, 0: not; none: always offered
  std::vector<MappedFeature> features;    ///< in the order of the first alternative
};

struct MappedUserFeature {
  MappedColumn column;
  bool categorical = false;  ///< one column of 0 and 1 for each code that occurs
};

struct MappedAttribute {
  std::string name;
  MappedColumn column;
  std::vector<std::pair<std::string, std::string>> labels;  ///< code in the table, label; in the order written
};

/// How a table of choices becomes preferences; the YAML file that docs/data_format.md describes.
struct ChoiceMapping {
  std::string file;
  std::string text;  ///< the whole file, kept as part of the recipe
  std::map<std::string, std::string> about;
  MappedColumn user;
  MappedColumn choice;
  std::vector<std::string> missing_choices;  ///< codes of the choice column that drop the row
  std::optional<MappedColumn> weight;
  std::vector<MappedUserFeature> user_features;
  std::vector<MappedAttribute> attributes;
  std::vector<MappedAlternative> alternatives;
  bool alternative_constants = false;
};

/// Reads the mapping strictly: unknown, duplicate and missing keys, wrong types and numbers that are not finite.
/// @throws UserError (configuration) with every mistake, one a line, as "file:line:column: what".
[[nodiscard]] ChoiceMapping read_choice_mapping(const std::filesystem::path& file);
/// The same from text at hand; `file` is only named.
[[nodiscard]] ChoiceMapping read_choice_mapping_text(const std::string& text, const std::string& file);

}  // namespace fairsweep
