#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/name_table.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// The people of an import: their names in order of appearance, and what the source says of them.
class PeopleTable {
 public:
  PeopleTable(std::vector<MappedUserFeature> features, std::vector<MappedAttribute> attributes);

  /// Where a value is wrong: column, value, and what it must be ("must be a finite number"). Throws.
  using Refuse = std::function<void(const std::string& column, std::string_view value, const std::string& what)>;

  /// How many values a person has: features, then attributes, in the order of the mapping.
  [[nodiscard]] std::size_t value_count() const { return features_.size() + attributes_.size(); }
  [[nodiscard]] const std::string& value_column(std::size_t at) const;

  /// The person's number. `values` must be the same each time; a value that differs is refused.
  std::int32_t number_of(std::string_view name, const std::vector<std::string_view>& values, std::int64_t line,
                         const Refuse& refuse);

  [[nodiscard]] std::int32_t size() const { return names_.size(); }
  /// What is known of a person: the value of each feature by its column, and of each attribute by its name, as a label
  /// where the mapping has one.
  [[nodiscard]] std::map<std::string, std::string> known_of(std::int32_t person) const;
  /// Forgets the people who came last, so that `size` are left.
  void forget_from(std::int32_t size);
  [[nodiscard]] std::string_view name(std::int32_t person) const { return names_.name(person); }

  /// Names, features and attributes into `data`. Categorical features become one column of 0 and 1 for each code; an
  /// attribute without labels has a label for each value that occurs, sorted, numbers by size.
  /// @throws UserError (file) as "file:line: ..." for a value that has no label, or a feature that is no number.
  void finish(const std::string& file, PreferenceData& data) const;

 private:
  void add_features(const std::string& file, PreferenceData& data) const;
  void add_attributes(const std::string& file, PreferenceData& data) const;
  void add_categories(const std::string& file, std::size_t at, std::vector<std::string>& names,
                      std::vector<std::vector<float>>& columns) const;
  [[noreturn]] void refuse(const std::string& file, std::size_t person, std::size_t at, const std::string& what) const;

  std::vector<MappedUserFeature> features_;
  std::vector<MappedAttribute> attributes_;
  NameTable names_;
  std::vector<std::vector<std::string>> values_;  ///< [people][values]; no rows where people have no values
  std::vector<std::int64_t> lines_;               ///< [people] where each first came
};

/// Codes are mostly numbers: 2 comes before 10, numbers before words.
[[nodiscard]] bool code_before(const std::string& left, const std::string& right);

/// Labels of an attribute, and which values have them.
struct AttributeLabels {
  std::vector<std::string> labels;
  std::map<std::string, std::int32_t, std::less<>> code_of_value;

  static constexpr std::int32_t k_no_label = -2;
  /// The value's code; -1 for an empty value, k_no_label for one that the mapping does not have.
  [[nodiscard]] std::int32_t code(std::string_view value) const;
};

/// As the mapping says: two codes may share a label. Without labels every value that occurs is one, sorted.
[[nodiscard]] AttributeLabels attribute_labels(const MappedAttribute& mapped, std::vector<std::string> values);

/// The whole text as a finite number.
[[nodiscard]] bool parses_as_number(std::string_view text, double& value);

}  // namespace fairsweep
