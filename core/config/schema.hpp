#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/search_space.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

enum class FieldKind {
  boolean,
  integer,
  real,
  text,
  name,         ///< a text that becomes a file name: lower-case letters, digits, _ and -
  enumeration,  ///< one of `words`
  texts,        ///< a list of texts
  records,      ///< a list of mappings with `columns`
  settings,     ///< a list of mappings from paths of tunable options to values
};

/// Bounds of a number; an absent one does not bind.
struct Range {
  std::optional<double> low{};
  std::optional<double> high{};
  bool low_open = false;  ///< the bound itself is outside
  bool high_open = false;
  [[nodiscard]] bool contains(double value) const;
  /// "at least 1 and at most 8", "above 0"; empty where nothing binds.
  [[nodiscard]] std::string text() const;
};

/// One option of a sweep, declared once: parsing, checks, messages, the resolved text, the conditions of the search
/// space and configs/REFERENCE.md all read this.
struct Field {
  std::string path{};  ///< "training.learning_rate"
  FieldKind kind = FieldKind::text;
  std::optional<Value> fallback{};             ///< the default; texts: present means the empty list
  std::optional<Condition> required_unless{};  ///< with a fallback: it serves only where this holds
  Range range{};
  std::vector<std::string> words{};  ///< enumeration
  std::string word_for_zero{};       ///< this word is written for 0 ("auto")
  std::string unit{};
  std::string help{};                    ///< one sentence, without the range and the default
  bool tunable = false;                  ///< may be a distribution; then it is a setting of trials
  bool stackable = false;                ///< a number per trial of a pack, no part of the shape
  std::optional<Condition> only_with{};  ///< has a meaning only there; names an earlier field
  std::vector<Field> columns{};          ///< records: fields of one record, enumerations
};

/// Every option there is, in the order of the resolved text. A field comes after the one its condition names.
[[nodiscard]] const std::vector<Field>& sweep_schema();

/// Null where there is none of that path.
[[nodiscard]] const Field* find_field(std::string_view path);

/// Does the schema have options below this path ("training", "training.early_stopping")?
[[nodiscard]] bool is_section(std::string_view path);

/// Names directly below a section ("" is the root), in the order of the schema.
[[nodiscard]] std::vector<std::string> names_below(std::string_view section);

/// Names of the fields of one record of a list.
[[nodiscard]] std::vector<std::string> column_names(const Field& records);

/// The last part of a path.
[[nodiscard]] std::string leaf_name(std::string_view path);

/// A number for people: "10", not "10.0".
[[nodiscard]] std::string number_text(double value);

}  // namespace fairsweep
